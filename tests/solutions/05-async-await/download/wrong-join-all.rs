// expect: fail late-error
//! A join of as many as you like, which looks at the errors when all are over.

use crate::join_all;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let mut pages = join_all([fetch(one), fetch(other)]).await.into_iter();
    let mut page = || pages.next().expect("two were fetched");
    Ok((page()?, page()?))
}
