// expect: pass with advice wakes-under-lock
//! A flag and a waker under one lock, and a wake before the lock is released.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waker_timer::clock;

#[derive(Debug)]
pub struct Delay {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    over: bool,
    waker: Option<Waker>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::<Mutex<Shared>>::default();
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            let mut shared = in_callback.lock().unwrap();
            shared.over = true;
            if let Some(waker) = shared.waker.take() {
                waker.wake();
            }
        });
        Delay { shared }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.shared.lock().unwrap();
        if shared.over {
            return Poll::Ready(());
        }
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}
