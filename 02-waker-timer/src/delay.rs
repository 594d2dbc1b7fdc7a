//! The delay of Tokio's "Async in depth", step 3: one waiting thread, however often it is polled.
//!
//! The thread and the future share a place for a waker. Each poll puts the waker of *its* task
//! there; the thread takes out what it finds when the time has come. The published code looks at
//! the clock first and stores the waker after that: if the time comes in between, the thread wakes
//! the task of an earlier poll, and the task that polls now is never woken. The rule is *register,
//! then look again*.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;
use crate::lock::lock;

/// A future that is ready at a given time.
///
/// The time is fixed when the delay is made. The *waiting* starts at the first poll: a delay that
/// is never polled, or is polled too late to wait, costs no thread.
///
/// Polled again after `Ready`, it is `Ready` again.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::Delay;
///
/// futures::executor::block_on(Delay::new(Duration::from_millis(5)));
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Delay {
    /// When the delay is over. `None` is later than the clock can say: never.
    when: Option<Instant>,
    /// Where the waiting thread looks for whom to wake. `None` until the first poll has started it.
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl Delay {
    /// A delay that is over `duration` from now. [`Duration::MAX`] never is.
    pub fn new(duration: Duration) -> Self {
        Self {
            when: clock::now().checked_add(duration),
            waker: None,
        }
    }

    /// A delay that is over at `when`. If that is past, it is ready at the first poll.
    ///
    /// ```
    /// use std::time::Duration;
    /// use waker_timer::{Delay, clock};
    ///
    /// let both_end_at = clock::now() + Duration::from_millis(5);
    /// futures::executor::block_on(async {
    ///     Delay::until(both_end_at).await;
    ///     Delay::until(both_end_at).await;
    /// });
    /// ```
    pub fn until(when: Instant) -> Self {
        Self {
            when: Some(when),
            waker: None,
        }
    }

    fn is_over(&self) -> bool {
        self.when.is_some_and(|when| clock::now() >= when)
    }

    /// Sees to it that the task of this poll, and no other, is woken when the time has come.
    fn register(&mut self, waker: &Waker) {
        // A delay without end keeps no waker: nothing would ever take it out.
        let Some(when) = self.when else { return };
        if let Some(slot) = &self.waker {
            let new = waker.clone();
            let previous = lock(slot).replace(new);
            // Outside the lock: dropping a task's last waker runs that task's own drop.
            drop(previous);
            return;
        }
        let slot = Arc::new(Mutex::new(Some(waker.clone())));
        self.waker = Some(Arc::clone(&slot));
        let left = when.saturating_duration_since(clock::now());
        clock::ring_after(left, move || {
            let waker = lock(&slot).take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
    }
}

impl Future for Delay {
    type Output = ();

    /// # Panics
    ///
    /// The first poll panics if the operating system has no thread left to give.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_over() {
            return Poll::Ready(());
        }
        self.register(cx.waker());
        // The thread may have rung since the look above, for an earlier poll's waker. Then the
        // time has come, and this look sees it. If it rings from now on, it finds our waker.
        if self.is_over() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        // The thread goes on waiting; the task that the waker leads to must not live as long.
        if let Some(slot) = &self.waker {
            let waker = lock(slot).take();
            drop(waker);
        }
    }
}
