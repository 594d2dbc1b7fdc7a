// expect: fail never-ready
//! Yields until a millisecond has gone by, so that the others surely get somewhere: until then it is polled over and over.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub fn yield_now() -> YieldNow {
    YieldNow { since: None }
}

#[derive(Debug)]
pub struct YieldNow {
    since: Option<Instant>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() > Duration::from_millis(500) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
