// expect: pass
//! Starts its wait when it is made, keeps the waker by `clone_from`, and lets the callback hold the place weakly:
//! a dropped delay takes the waker with it.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    waker: Arc<Mutex<Option<Waker>>>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Self::starting(clock::now().checked_add(duration))
    }

    pub fn until(when: Instant) -> Self {
        Self::starting(Some(when))
    }

    fn starting(when: Option<Instant>) -> Self {
        let waker = Arc::new(Mutex::new(None::<Waker>));
        if let Some(when) = when {
            let weak = Arc::downgrade(&waker);
            clock::ring_after(when.saturating_duration_since(clock::now()), move || {
                let waker = weak.upgrade().and_then(|slot| slot.lock().unwrap().take());
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
        }
        Delay { when, waker }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut *self.waker.lock().unwrap() {
            Some(waker) => waker.clone_from(cx.waker()),
            slot => *slot = Some(cx.waker().clone()),
        }
        match self.when {
            Some(when) if clock::now() >= when => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}
