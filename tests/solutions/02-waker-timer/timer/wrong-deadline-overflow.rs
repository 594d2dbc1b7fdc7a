// expect: fail panicked
//! Adds the duration to the present moment, which `Duration::MAX` does not survive (S2-14; tokio #3551).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    end: Instant,
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
        TimerFuture { end: clock::now() + duration, shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.shared.lock().unwrap();
        if shared.completed || clock::now() >= self.end {
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
