// expect: fail not-concurrent
//! Makes both futures, as if that sent the requests, and awaits one after the other (S5-01; rust-lang/rust#77448).

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (one, other) = (fetch(one), fetch(other));
    Ok((one.await?, other.await?))
}
