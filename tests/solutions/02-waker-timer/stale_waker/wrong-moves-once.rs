// expect: fail stale-waker
//! Expects one move, and keeps a place for the second task only (S2-01, one step further; smol-rs/smol #167).

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
    moved: bool,
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
            moved: false,
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
        let moved = self.moved;
        match &self.waker {
            None => self.wait(cx.waker()),
            Some(_) if moved => {}
            Some(slot) => {
                *slot.lock().unwrap() = Some(cx.waker().clone());
                self.moved = true;
            }
        }
        if clock::now() >= self.when { Poll::Ready(()) } else { Poll::Pending }
    }
}
