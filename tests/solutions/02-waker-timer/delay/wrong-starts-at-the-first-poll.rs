// expect: fail late-start
//! Fixes the time at the first poll, as an `async fn` would: a delay that is made early and polled late is late.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    duration: Duration,
    when: Option<Instant>,
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { duration, when: None, waker: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { duration: Duration::ZERO, when: Some(when), waker: None }
    }

    fn is_over(&self) -> bool {
        self.when.is_some_and(|when| clock::now() >= when)
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else {
            self.when = clock::now().checked_add(self.duration);
            if self.when.is_none() || self.duration.is_zero() {
                return if self.when.is_some() { Poll::Ready(()) } else { Poll::Pending };
            }
            return self.poll(cx);
        };
        if self.is_over() {
            return Poll::Ready(());
        }
        if let Some(slot) = &self.waker {
            *slot.lock().unwrap() = Some(cx.waker().clone());
            return if self.is_over() { Poll::Ready(()) } else { Poll::Pending };
        }
        let slot = Arc::new(Mutex::new(Some(cx.waker().clone())));
        self.waker = Some(slot.clone());
        clock::ring_after(when.saturating_duration_since(clock::now()), move || {
            let waker = slot.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        if self.is_over() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        if let Some(slot) = &self.waker {
            let waker = slot.lock().unwrap().take();
            drop(waker);
        }
    }
}
