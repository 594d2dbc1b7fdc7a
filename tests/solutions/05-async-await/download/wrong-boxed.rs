// expect: fail allocates
//! Puts both downloads into boxes.

use futures::future::try_join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    try_join(Box::pin(fetch(one)), Box::pin(fetch(other))).await
}
