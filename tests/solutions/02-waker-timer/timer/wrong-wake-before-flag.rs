// expect: fail wake-before-flag
//! Wakes, and sets the flag after that (S2-04; the contract of AtomicWaker says: wake after producing).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    shared: Arc<Mutex<SharedState>>,
}

#[derive(Debug)]
struct SharedState {
    completed: bool,
    waker: Option<Waker>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(Mutex::new(SharedState { completed: false, waker: None }));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            let waker = in_callback.lock().unwrap().waker.take();
            if let Some(waker) = waker {
                waker.wake();
            }
            in_callback.lock().unwrap().completed = true;
        });
        TimerFuture { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.shared.lock().unwrap();
        if shared.completed {
            return Poll::Ready(());
        }
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.lock().unwrap().waker = None;
    }
}
