//! The delay of Tokio's "Async in depth", step 2: a thread waits, and then wakes the task.
//!
//! The executor can sleep now. But a future does not choose how often it is polled: joined with a
//! future that is often ready, this one starts a thread at every poll, and each of them wakes the
//! task when the time has come.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

/// A delay that starts one more waiting thread at each early poll.
///
/// Polled again after `Ready`, it is `Ready` again. Its threads outlive it: dropped early, it keeps
/// the wakers of all its polls until the time has come.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::ThreadPerPollDelay;
///
/// futures::executor::block_on(ThreadPerPollDelay::new(Duration::from_millis(5)));
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct ThreadPerPollDelay {
    /// When the delay is over. `None` is later than the clock can say: never.
    when: Option<Instant>,
}

impl ThreadPerPollDelay {
    /// A delay that is over `duration` from now. [`Duration::MAX`] never is.
    pub fn new(duration: Duration) -> Self {
        Self {
            when: clock::now().checked_add(duration),
        }
    }
}

impl Future for ThreadPerPollDelay {
    type Output = ();

    /// # Panics
    ///
    /// Panics if the operating system has no thread left to give.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else {
            return Poll::Pending;
        };
        let left = when.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        clock::ring_after(left, move || waker.wake());
        Poll::Pending
    }
}
