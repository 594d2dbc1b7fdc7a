// expect: fail busy-wake
//! Asks to be polled again until the time has come: step 1 of Tokio's "Async in depth"
//! (rust-lang/futures-rs #2799: a learner proposes the same as a fix).

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
        if self.when.is_some_and(|when| clock::now() >= when) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
