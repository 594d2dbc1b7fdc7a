// expect: pass with advice wait-per-poll
//! Asks for a ring with the waker of every poll: more threads than needed, and none of them forgets a task
//! (tokio-rs/website #532).

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use waker_timer::clock;

#[derive(Debug)]
pub struct Delay {
    when: Instant,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now() + duration }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let left = self.when.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        clock::ring_after(left, move || waker.wake());
        Poll::Pending
    }
}
