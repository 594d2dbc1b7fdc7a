// expect: pass
//! One function for each field, with `map_unchecked_mut`.

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
    /// How often it was polled. Not pinned: a number may be moved whatever lies around it.
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
        self.future()
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        self.future
    }

    fn future(self: Pin<&mut Self>) -> Pin<&mut F> {
        // SAFETY: the field is pinned with the struct, in this whole module.
        unsafe { self.map_unchecked_mut(|this| &mut this.future) }
    }

    fn over(self: Pin<&mut Self>) -> Pin<&mut S> {
        // SAFETY: the field is pinned with the struct, in this whole module.
        unsafe { self.map_unchecked_mut(|this| &mut this.over) }
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: a number is not pinned, whatever lies around it.
        unsafe { self.as_mut().get_unchecked_mut() }.polls += 1;
        if let Poll::Ready(output) = self.as_mut().future().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        self.over().poll(cx).map(|()| Err(TimedOut))
    }
}
