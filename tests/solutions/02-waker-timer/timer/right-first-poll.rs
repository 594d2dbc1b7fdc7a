// expect: pass
//! Fixes the end in `new`, and starts to wait at the first poll: a timer that is never polled costs no thread.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    /// `None`: later than the clock can say.
    end: Option<Instant>,
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        TimerFuture { end: clock::now().checked_add(duration), waker: None }
    }

    fn left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(clock::now()))
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(left) = self.left() else { return Poll::Pending };
        if left.is_zero() {
            return Poll::Ready(());
        }
        match &self.waker {
            Some(waker) => *waker.lock().unwrap() = Some(cx.waker().clone()),
            None => {
                let waker = Arc::new(Mutex::new(Some(cx.waker().clone())));
                self.waker = Some(Arc::clone(&waker));
                clock::ring_after(left, move || {
                    let waker = waker.lock().unwrap().take();
                    if let Some(waker) = waker {
                        waker.wake();
                    }
                });
            }
        }
        if self.left() == Some(Duration::ZERO) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        if let Some(waker) = &self.waker {
            waker.lock().unwrap().take();
        }
    }
}
