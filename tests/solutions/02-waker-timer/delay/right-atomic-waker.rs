// expect: pass
//! Uses the stage's `AtomicWaker` as the place for the waker, and wakes by whatever is in it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::AtomicWaker;
use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    waker: Option<Arc<AtomicWaker>>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration), waker: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), waker: None }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        let left = when.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let first = self.waker.is_none();
        let slot = self.waker.get_or_insert_default().clone();
        slot.register(cx.waker());
        if first {
            clock::ring_after(left, move || slot.wake());
        }
        if clock::now() >= when { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        if let Some(slot) = &self.waker {
            slot.take();
        }
    }
}
