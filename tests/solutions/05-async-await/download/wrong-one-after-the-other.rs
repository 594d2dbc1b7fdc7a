// expect: fail not-concurrent
//! Asks the other site when the first has answered (S5-01; KernelErr/foxear#1).

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let one = fetch(one).await?;
    let other = fetch(other).await?;
    Ok((one, other))
}
