// expect: fail wake-before-flag
//! Trusts a flag, and sets it after the wake (S2-04): who polls within the wake is told to wait, for ever.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    shared: Option<Arc<Mutex<Shared>>>,
}

#[derive(Debug)]
struct Shared {
    over: bool,
    waker: Option<Waker>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration), shared: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), shared: None }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        if let Some(shared) = &self.shared {
            let mut shared = shared.lock().unwrap();
            if shared.over {
                return Poll::Ready(());
            }
            shared.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if clock::now() >= when {
            return Poll::Ready(());
        }
        let waker = Some(cx.waker().clone());
        let shared = Arc::new(Mutex::new(Shared { over: false, waker }));
        self.shared = Some(shared.clone());
        clock::ring_after(when.saturating_duration_since(clock::now()), move || {
            let waker = shared.lock().unwrap().waker.take();
            if let Some(waker) = waker {
                waker.wake();
            }
            shared.lock().unwrap().over = true;
        });
        Poll::Pending
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            let waker = shared.lock().unwrap().waker.take();
            drop(waker);
        }
    }
}
