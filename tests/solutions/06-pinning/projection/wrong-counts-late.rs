// expect: fail wrong-value
//! The poll that is ready is not counted.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use reactor::Sleep;

use crate::TimedOut;

/// Gives `future` as long as `duration`, counted from this call.
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F, Sleep> {
    Timeout::new(future, Sleep::new(duration))
}

/// A future's output, or [`TimedOut`] if `over` was ready first.
///
/// The future is polled before the time is looked at.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Timeout<F, S> {
    /// Pinned with the struct.
    future: F,
    /// Pinned with the struct.
    over: S,
    /// How often it was polled. Is this one pinned?
    polls: usize,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        Self {
            future,
            over,
            polls: 0,
        }
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.polls
    }

    /// The future, for a look at it.
    pub fn get_ref(&self) -> &F {
        &self.future
    }

    /// The future, for whatever it lets be done to it while it is pinned.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut F> {
        // SAFETY: the four promises.
        unsafe { self.map_unchecked_mut(|t| &mut t.future) }
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        self.future
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing moved.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: structurally pinned.
        if let Poll::Ready(o) = unsafe { Pin::new_unchecked(&mut this.future) }.poll(cx) {
            return Poll::Ready(Ok(o));
        }
        // SAFETY: structurally pinned.
        match unsafe { Pin::new_unchecked(&mut this.over) }.poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(TimedOut)),
            Poll::Pending => {
                this.polls += 1;
                Poll::Pending
            }
        }
    }
}
