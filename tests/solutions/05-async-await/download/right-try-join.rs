// expect: pass
//! The join of the `futures` crate that ends with the first error.

use futures::future::try_join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    try_join(fetch(one), fetch(other)).await
}
