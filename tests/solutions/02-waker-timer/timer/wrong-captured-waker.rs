// expect: fail stale-waker
//! Gives the waker of the first poll to the callback, where no later poll can reach it (S2-01).

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct TimerFuture {
    end: Option<Instant>,
    waiting: bool,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        TimerFuture { end: clock::now().checked_add(duration), waiting: false }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(end) = self.end else { return Poll::Pending };
        let left = end.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        if !self.waiting {
            self.waiting = true;
            let waker = cx.waker().clone();
            clock::ring_after(left, move || waker.wake());
        }
        Poll::Pending
    }
}
