// expect: pass
//! Leaves the waker in an `AtomicWaker`, and looks again.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use waker_timer::{AtomicWaker, clock};

#[derive(Debug)]
pub struct Delay {
    when: Instant,
    waker: Arc<AtomicWaker>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        let waker = Arc::new(AtomicWaker::new());
        let in_callback = Arc::clone(&waker);
        clock::ring_after(duration, move || in_callback.wake());
        Delay { when: clock::now() + duration, waker }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.waker.register(cx.waker());
        if clock::now() >= self.when { Poll::Ready(()) } else { Poll::Pending }
    }
}
