// expect: pass
//! The projection as a type of its own; the count in a cell.

use std::cell::Cell;
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
    polls: Cell<usize>,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        Self {
            future,
            over,
            polls: Cell::new(0),
        }
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.polls.get()
    }

    /// The future, for a look at it.
    pub fn get_ref(&self) -> &F {
        &self.future
    }

    /// The future, for whatever it lets be done to it while it is pinned.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut F> {
        self.fields().future
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        self.future
    }

    fn fields(self: Pin<&mut Self>) -> Fields<'_, F, S> {
        // SAFETY: the reference is used for the two pins only, and nothing is moved out of it.
        let Timeout { future, over, .. } = unsafe { self.get_unchecked_mut() };
        Fields {
            // SAFETY: the fields are pinned with the struct.
            future: unsafe { Pin::new_unchecked(future) },
            // SAFETY: the fields are pinned with the struct.
            over: unsafe { Pin::new_unchecked(over) },
        }
    }
}

/// The two that are pinned.
struct Fields<'a, F, S> {
    future: Pin<&'a mut F>,
    over: Pin<&'a mut S>,
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls.set(self.polls.get() + 1);
        let Fields { future, over } = self.fields();
        match future.poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => over.poll(cx).map(|()| Err(TimedOut)),
        }
    }
}
