// expect: fail blocking-poll
//! Polls until something comes (S5-02).

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures::future::try_join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let mut both = pin!(try_join(fetch(one), fetch(other)));
    let cx = &mut Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(pages) = both.as_mut().poll(cx) {
            return pages;
        }
        std::thread::yield_now();
    }
}
