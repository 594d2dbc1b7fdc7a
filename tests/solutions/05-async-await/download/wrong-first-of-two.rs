// expect: fail dropped-pending
//! Is content with the page that comes first.

use std::pin::pin;

use futures::future::select;

pub async fn get_two_sites<Site, Page: Clone, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (page, _) = select(pin!(fetch(one)), pin!(fetch(other)))
        .await
        .factor_first();
    let page = page?;
    Ok((page.clone(), page))
}
