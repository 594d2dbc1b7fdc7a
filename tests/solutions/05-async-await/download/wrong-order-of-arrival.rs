// expect: fail wrong-value
//! Gives the page that came first first.

use std::pin::pin;

use futures::future::{Either, select};

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    match select(pin!(fetch(one)), pin!(fetch(other))).await {
        Either::Left((page, rest)) => {
            let page = page?;
            Ok((page, rest.await?))
        }
        Either::Right((page, rest)) => {
            let page = page?;
            Ok((page, rest.await?))
        }
    }
}
