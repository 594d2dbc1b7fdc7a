// expect: pass
//! The first of the two, which may have failed; and then the other one.

use std::pin::pin;

use futures::future::{Either, select};

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    match select(pin!(fetch(other)), pin!(fetch(one))).await {
        Either::Left((second, one)) => {
            let second = second?;
            Ok((one.await?, second))
        }
        Either::Right((first, other)) => {
            let first = first?;
            Ok((first, other.await?))
        }
    }
}
