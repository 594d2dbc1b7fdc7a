// expect: fail late-error
//! Waits for the first page, whatever the other one has brought meanwhile (futures-rs#2866).

use std::pin::pin;

use futures::future::{Either, select};

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    match select(pin!(fetch(one)), pin!(fetch(other))).await {
        Either::Left((first, other)) => Ok((first?, other.await?)),
        Either::Right((second, one)) => Ok((one.await?, second?)),
    }
}
