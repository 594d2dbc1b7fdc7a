//! # Stale waker: a delay that moves, and wakes the task that it has left
//!
//! This `Delay` works in every test that polls it from one task. Then a `select` hands it on: another
//! task polls it, the time comes, and the task that it has left is woken. The one that waits for it sleeps
//! for ever. Repair it.
//!
//! What is checked:
//!
//! 1. It is never `Ready` before its time, and until then it wakes nobody.
//! 2. When the time has come, the task is woken, and the next poll is `Ready`.
//! 3. The task that polled *last* is woken: also if the delay moves twice, or comes back.
//! 4. That holds at every moment: also for a time that comes in the middle of the poll by the new task.
//!
//! Settled: to wake the earlier tasks as well is fine, and so is a dropped delay that keeps its last
//! waker until the time has come. To ask for another ring at every poll passes with a remark; so does a wake
//! under a lock, where a poll notices it. Polled after `Ready`, it may do anything.
//!
//! Read first: README.md, "The waker can change" and "Register, then check again". Do `timer` before
//! this. About 15 minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise stale_waker`. Stuck: `cargo xtask hint stale_waker`.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use waker_timer::clock;

/// A future that is ready when some time has passed.
#[derive(Debug)]
pub struct Delay {
    /// When the delay is over.
    when: Instant,
    /// Where the clock's callback looks for whom to wake. `None` until the first poll.
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl Delay {
    /// A delay that is over `duration` from now.
    ///
    /// # Panics
    ///
    /// Panics if the clock cannot say a time as late as that.
    pub fn new(duration: Duration) -> Self {
        Delay {
            when: clock::now() + duration,
            waker: None,
        }
    }

    /// Has `waker` woken when the time has come.
    fn wait(&mut self, waker: &Waker) {
        let slot = Arc::new(Mutex::new(Some(waker.clone())));
        self.waker = Some(Arc::clone(&slot));
        let left = self.when.saturating_duration_since(clock::now());
        clock::ring_after(left, move || {
            let waker = slot.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if clock::now() >= self.when {
            return Poll::Ready(());
        }
        if self.waker.is_none() {
            self.wait(cx.waker());
        }
        Poll::Pending
    }
}
