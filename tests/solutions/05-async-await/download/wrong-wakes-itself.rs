// expect: fail busy-wake
//! Looks again and again: a busy loop by way of the executor.

use std::future::poll_fn;
use std::pin::pin;

use futures::future::try_join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let mut both = pin!(try_join(fetch(one), fetch(other)));
    poll_fn(|cx| {
        cx.waker().wake_by_ref();
        both.as_mut().poll(cx)
    })
    .await
}
