// expect: fail check-then-register
//! Lets go of the lock after the look at the flag, and takes it again to clone the waker into the state (S2-03).

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
            let waker = {
                let mut shared = in_callback.lock().unwrap();
                shared.completed = true;
                shared.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        TimerFuture { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.shared.lock().unwrap().completed {
            return Poll::Ready(());
        }
        let mut shared = self.shared.lock().unwrap();
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.lock().unwrap().waker = None;
    }
}
