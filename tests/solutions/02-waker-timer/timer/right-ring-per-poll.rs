// expect: pass with advice wait-per-poll
//! Asks for a ring at every poll: fine, and it costs a thread each time (tokio-rs/website #532).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    end: Option<Instant>,
    waker: Arc<Mutex<Option<Waker>>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        TimerFuture { end: clock::now().checked_add(duration), waker: Arc::default() }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        let Some(end) = self.end else { return Poll::Pending };
        let left = end.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let waker = Arc::clone(&self.waker);
        clock::ring_after(left, move || {
            let waker = waker.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.waker.lock().unwrap().take();
    }
}
