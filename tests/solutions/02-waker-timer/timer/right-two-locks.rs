// expect: pass
//! The flag and the waker behind a lock each: registers first, and looks afterwards.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    completed: Arc<Mutex<bool>>,
    waker: Arc<Mutex<Option<Waker>>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let completed = Arc::new(Mutex::new(false));
        let waker = Arc::new(Mutex::new(None::<Waker>));
        let (flag, slot) = (Arc::clone(&completed), Arc::clone(&waker));
        clock::ring_after(duration, move || {
            *flag.lock().unwrap() = true;
            let waker = slot.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        TimerFuture { completed, waker }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        if *self.completed.lock().unwrap() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.waker.lock().unwrap().take();
    }
}
