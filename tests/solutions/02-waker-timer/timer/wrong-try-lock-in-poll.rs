// expect: fail wake-before-flag
//! Does not want to wait in poll, and answers Pending when the callback has the lock; which wakes while it has it.

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
            let mut shared = in_callback.lock().unwrap();
            shared.completed = true;
            if let Some(waker) = shared.waker.take() {
                waker.wake();
            }
        });
        TimerFuture { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Ok(mut shared) = self.shared.try_lock() else { return Poll::Pending };
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
