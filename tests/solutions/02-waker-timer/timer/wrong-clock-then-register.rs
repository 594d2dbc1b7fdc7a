// expect: fail check-then-register
//! Looks at the clock, and exchanges the waker after that, as the published `Delay` does (S2-03; microsoft/RustTraining #85).

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
        let end = clock::now().checked_add(duration);
        let waker = Arc::new(Mutex::new(None::<Waker>));
        let in_callback = Arc::clone(&waker);
        clock::ring_after(duration, move || {
            let waker = in_callback.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        TimerFuture { end, waker }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // The clone first: so nothing slow is left to do between the look and the exchange.
        let waker = cx.waker().clone();
        if self.end.is_some_and(|end| clock::now() >= end) {
            return Poll::Ready(());
        }
        *self.waker.lock().unwrap() = Some(waker);
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.waker.lock().unwrap().take();
    }
}
