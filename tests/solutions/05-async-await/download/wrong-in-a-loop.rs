// expect: fail not-concurrent
//! Makes a list of futures and awaits inside the loop, as the `join_all` of futures 0.1 did (S5-01; futures-rs#254).

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let mut pages = Vec::new();
    for download in [fetch(one), fetch(other)] {
        pages.push(download.await?);
    }
    let other = pages.pop().expect("two were fetched");
    let one = pages.pop().expect("two were fetched");
    Ok((one, other))
}
