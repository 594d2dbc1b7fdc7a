// expect: fail polled-after-ready
//! Polls both until both are ready in the same poll.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (mut one, mut other) = (pin!(fetch(one)), pin!(fetch(other)));
    poll_fn(
        |cx| match (one.as_mut().poll(cx)?, other.as_mut().poll(cx)?) {
            (Poll::Ready(one), Poll::Ready(other)) => Poll::Ready(Ok((one, other))),
            _ => Poll::Pending,
        },
    )
    .await
}
