// expect: fail late-start
//! Futures are lazy, it has heard: it counts from the first poll on.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    /// Until the first poll: how long to wait.
    duration: Option<Duration>,
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
        TimerFuture { duration: Some(duration), shared }
    }

    fn start(&self, duration: Duration) {
        let in_callback = Arc::clone(&self.shared);
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
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(duration) = self.duration.take() {
            self.start(duration);
        }
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
