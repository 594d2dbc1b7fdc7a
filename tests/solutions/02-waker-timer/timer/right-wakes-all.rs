// expect: pass
//! Keeps the waker of every poll, and wakes them all: more wakes than needed, and the latest is among them.

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
    wakers: Vec<Waker>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(Mutex::new(SharedState { completed: false, wakers: Vec::new() }));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            let wakers = {
                let mut shared = in_callback.lock().unwrap();
                shared.completed = true;
                std::mem::take(&mut shared.wakers)
            };
            for waker in wakers {
                waker.wake();
            }
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
        shared.wakers.push(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.lock().unwrap().wakers.clear();
    }
}
