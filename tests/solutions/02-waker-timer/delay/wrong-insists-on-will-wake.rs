// expect: fail panicked
//! Takes for granted that the same task comes with a waker for which `will_wake` says yes (S2-07;
//! rust-lang/rust #121600: it may say no at any time).

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration), waker: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), waker: None }
    }

    fn is_over(&self) -> bool {
        self.when.is_some_and(|when| clock::now() >= when)
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_over() {
            return Poll::Ready(());
        }
        let Some(when) = self.when else { return Poll::Pending };
        if let Some(slot) = &self.waker {
            let same = slot.lock().unwrap().as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
            assert!(same, "a delay belongs to one task");
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
