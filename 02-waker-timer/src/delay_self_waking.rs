//! The delay of Tokio's "Async in depth", step 1: it wakes itself until the time has come.
//!
//! Right, and useless: the task is always ready to run, so the executor never sleeps and one
//! processor is busy all the time. The contract is kept to the letter (every `Pending` has arranged
//! a wake), which is why no test of the result finds it. Count the polls.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

/// A delay that asks to be polled again at once, whenever it is polled too early.
///
/// Polled again after `Ready`, it is `Ready` again.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::SelfWakingDelay;
///
/// futures::executor::block_on(SelfWakingDelay::new(Duration::from_millis(5)));
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct SelfWakingDelay {
    /// When the delay is over. `None` is later than the clock can say: never.
    when: Option<Instant>,
}

impl SelfWakingDelay {
    /// A delay that is over `duration` from now. [`Duration::MAX`] never is.
    pub fn new(duration: Duration) -> Self {
        Self {
            when: clock::now().checked_add(duration),
        }
    }
}

impl Future for SelfWakingDelay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.when.is_some_and(|when| clock::now() >= when) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
