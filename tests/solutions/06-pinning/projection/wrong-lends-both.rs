// expect: fail still-movable
//! Its projection is public, and gives the time as a plain `&mut`.

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
        self.project().0
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        self.future
    }

    /// From the pin of the struct to its fields: two that are pinned with it, and one that is not.
    pub fn project(self: Pin<&mut Self>) -> (Pin<&mut F>, &mut S, &mut usize) {
        // SAFETY: nothing is moved out of the reference here.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `future` lies in a pinned struct, and this module keeps the four promises above.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        (future, &mut this.over, &mut this.polls)
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (future, over, polls) = self.project();
        *polls += 1;
        if let Poll::Ready(output) = future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        // SAFETY: the time lies in a pinned struct.
        let over = unsafe { Pin::new_unchecked(over) };
        over.poll(cx).map(|()| Err(TimedOut))
    }
}
