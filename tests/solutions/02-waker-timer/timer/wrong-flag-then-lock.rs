// expect: fail check-then-register
//! An atomic flag, and the waker behind a lock: looks at the one, registers in the other, and does not look again
//! (S2-03).

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::{Acquire, Release}};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    shared: Arc<SharedState>,
}

#[derive(Debug, Default)]
struct SharedState {
    completed: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(SharedState::default());
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            in_callback.completed.store(true, Release);
            let waker = in_callback.waker.lock().unwrap().take();
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
        if self.shared.completed.load(Acquire) {
            return Poll::Ready(());
        }
        *self.shared.waker.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.waker.lock().unwrap().take();
    }
}
