// expect: fail keeps-task-alive
//! Gives a waker to a new callback at every poll: all of them stay there when the timer is dropped (S2-15).

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct TimerFuture {
    end: Option<Instant>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        TimerFuture { end: clock::now().checked_add(duration) }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(end) = self.end else { return Poll::Pending };
        let left = end.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        clock::ring_after(left, move || waker.wake());
        Poll::Pending
    }
}
