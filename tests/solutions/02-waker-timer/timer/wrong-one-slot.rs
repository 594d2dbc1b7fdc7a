// expect: fail overwritten-wake
//! One place for a waker, shared by all timers of the program (S2-22 of `notify`, in a timer).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

static WAKER: Mutex<Option<Waker>> = Mutex::new(None);

#[derive(Debug)]
pub struct TimerFuture {
    completed: Arc<Mutex<bool>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let completed = Arc::new(Mutex::new(false));
        let in_callback = Arc::clone(&completed);
        clock::ring_after(duration, move || {
            *in_callback.lock().unwrap() = true;
            let waker = WAKER.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        TimerFuture { completed }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *WAKER.lock().unwrap() = Some(cx.waker().clone());
        if *self.completed.lock().unwrap() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        WAKER.lock().unwrap().take();
    }
}
