// expect: pass with advice wakes-under-lock
//! A flag and the waker behind one lock, held from the look to the registration, and the wake under it too:
//! the shape of the book's timer.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: bool,
    over: bool,
    waker: Option<Waker>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration), shared: Arc::default() }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), shared: Arc::default() }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        let mut shared = self.shared.lock().unwrap();
        let now = clock::now();
        if shared.over || now >= when {
            return Poll::Ready(());
        }
        shared.waker = Some(cx.waker().clone());
        if !shared.waiting {
            shared.waiting = true;
            let shared = self.shared.clone();
            clock::ring_after(when - now, move || {
                let mut shared = shared.lock().unwrap();
                shared.over = true;
                if let Some(waker) = shared.waker.take() {
                    waker.wake();
                }
            });
        }
        Poll::Pending
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        let waker = self.shared.lock().unwrap().waker.take();
        drop(waker);
    }
}
