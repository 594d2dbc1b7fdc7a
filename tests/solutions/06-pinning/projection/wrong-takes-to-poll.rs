// expect: fail dropped-elsewhere
//! The future is taken out, polled, and put back (S6-06, S6-10; actix/actix#375: "take … it will just be dropped").

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
    future: Option<F>,
    /// Pinned with the struct.
    over: S,
    /// How often it was polled. Not pinned: a number may be moved whatever lies around it.
    polls: usize,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        Self {
            future: Some(future),
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
        self.future.as_ref().expect("it is there between polls")
    }

    /// The future, for whatever it lets be done to it while it is pinned.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut F> {
        // SAFETY: the field is pinned with the struct.
        unsafe {
            self.map_unchecked_mut(|this| this.future.as_mut().expect("it is there between polls"))
        }
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        self.future.expect("it is there between polls")
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing is moved, it says here.
        let this = unsafe { self.get_unchecked_mut() };
        this.polls += 1;
        let mut future = this.future.take().expect("it is there between polls");
        // SAFETY: it lies in a variable of this function.
        if let Poll::Ready(output) = unsafe { Pin::new_unchecked(&mut future) }.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        this.future = Some(future);
        // SAFETY: the field is pinned with the struct.
        unsafe { Pin::new_unchecked(&mut this.over) }
            .poll(cx)
            .map(|()| Err(TimedOut))
    }
}
