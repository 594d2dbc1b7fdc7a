// expect: fail bypassed-seam
//! Asks the system for the time, and sleeps on a thread of its own: right on the wall, and out of the graders' reach.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    waker: Option<Arc<Mutex<Option<Waker>>>>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: Instant::now().checked_add(duration), waker: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), waker: None }
    }

    fn is_over(&self) -> bool {
        self.when.is_some_and(|when| Instant::now() >= when)
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
            *slot.lock().unwrap() = Some(cx.waker().clone());
            return if self.is_over() { Poll::Ready(()) } else { Poll::Pending };
        }
        let slot = Arc::new(Mutex::new(Some(cx.waker().clone())));
        self.waker = Some(slot.clone());
        thread::spawn(move || {
            thread::sleep(when.saturating_duration_since(Instant::now()));
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
