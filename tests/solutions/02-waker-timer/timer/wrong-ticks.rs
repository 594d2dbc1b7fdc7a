// expect: fail busy-wake
//! Has its task polled every minute, to see whether it is time.

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
        let waker = Arc::default();
        tick(&waker, duration);
        TimerFuture { end: clock::now().checked_add(duration), waker }
    }
}

fn tick(waker: &Arc<Mutex<Option<Waker>>>, left: Duration) {
    let step = left.min(Duration::from_secs(60));
    let in_callback = Arc::downgrade(waker);
    clock::ring_after(step, move || {
        let Some(slot) = in_callback.upgrade() else { return };
        if left > step {
            tick(&slot, left - step);
        }
        let waker = slot.lock().unwrap().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    });
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        if self.end.is_some_and(|end| clock::now() >= end) { Poll::Ready(()) } else { Poll::Pending }
    }
}
