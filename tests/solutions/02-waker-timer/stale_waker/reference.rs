//! The repaired delay: every poll leaves its waker for the callback, and looks at the clock after that.

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

    fn is_over(&self) -> bool {
        clock::now() >= self.when
    }

    /// Has `waker` woken when the time has come.
    fn wait(&mut self, waker: &Waker) {
        if let Some(slot) = &self.waker {
            let stale = slot.lock().unwrap().replace(waker.clone());
            // The lock is released: to drop a waker may run code of the task that it belongs to.
            drop(stale);
            return;
        }
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
        if self.is_over() {
            return Poll::Ready(());
        }
        self.wait(cx.waker());
        // The callback may have come since the first look, and have woken an earlier poll's task.
        if self.is_over() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
