// expect: fail swallowed-wake
//! Polls both once with a waker that wakes nobody, to have the requests sent, and then awaits one after
//! the other (S5-01).

use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (mut one, mut other) = (pin!(fetch(one)), pin!(fetch(other)));
    let cx = &mut Context::from_waker(Waker::noop());
    let first = match one.as_mut().poll(cx)? {
        Poll::Ready(page) => Some(page),
        Poll::Pending => None,
    };
    let second = match other.as_mut().poll(cx)? {
        Poll::Ready(page) => Some(page),
        Poll::Pending => None,
    };
    let first = match first {
        Some(page) => page,
        None => one.await?,
    };
    let second = match second {
        Some(page) => page,
        None => other.await?,
    };
    Ok((first, second))
}
