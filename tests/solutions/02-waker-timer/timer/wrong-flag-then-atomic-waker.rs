// expect: fail check-then-register
//! No lock at all: looks at the flag, registers, and does not look again (S2-03; against the contract of AtomicWaker).

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
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        self.shared.1.take();
    }
}
