// expect: fail dropped-pending
//! Makes new downloads in each poll, and drops them at its end.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

pub async fn get_two_sites<Site: Clone, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if let Poll::Ready(page) = pin!(fetch(one.clone())).poll(cx)? {
            first = Some(page);
        }
        if let Poll::Ready(page) = pin!(fetch(other.clone())).poll(cx)? {
            second = Some(page);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready(Ok((first, second))),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}
