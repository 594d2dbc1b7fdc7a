// expect: fail wait-per-poll
//! Starts one more wait with every poll: step 2 of Tokio's "Async in depth" (tokio-rs/website #532: right, and wasteful).

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration) }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when) }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        let now = clock::now();
        if now >= when {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        clock::ring_after(when - now, move || waker.wake());
        Poll::Pending
    }
}
