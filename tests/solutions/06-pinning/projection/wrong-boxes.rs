// expect: fail needless-box
//! The box is still there. The timeout may be moved, for the future in it stays where it is; and it allocates, which was to go.

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
    future: Pin<Box<F>>,
    over: Pin<Box<S>>,
    /// How often it was polled. Not pinned: a number may be moved whatever lies around it.
    polls: usize,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        Self {
            future: Box::pin(future),
            over: Box::pin(over),
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
        self.get_mut().future.as_mut()
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        // SAFETY: it was not polled, or the timeout could not be had by value.
        *unsafe { Pin::into_inner_unchecked(self.future) }
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls += 1;
        if let Poll::Ready(output) = self.future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        self.over.as_mut().poll(cx).map(|()| Err(TimedOut))
    }
}
