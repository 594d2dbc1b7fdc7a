// expect: fail allocates
//! A join of as many as you like, in a list.

use futures::future::try_join_all;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let mut pages = try_join_all([fetch(one), fetch(other)]).await?.into_iter();
    let mut page = || pages.next().expect("two were fetched");
    Ok((page(), page()))
}
