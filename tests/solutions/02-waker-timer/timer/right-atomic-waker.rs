// expect: pass
//! No lock at all: registers, then looks at the flag again.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::{Acquire, Release}};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::AtomicWaker;
use crate::clock;

#[derive(Debug)]
pub struct TimerFuture {
    shared: Arc<(AtomicBool, AtomicWaker)>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new((AtomicBool::new(false), AtomicWaker::new()));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            in_callback.0.store(true, Release);
            in_callback.1.wake();
        });
        TimerFuture { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let (completed, waker) = &*self.shared;
        if completed.load(Acquire) {
            return Poll::Ready(());
        }
        waker.register(cx.waker());
        if completed.load(Acquire) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.1.take();
    }
}
