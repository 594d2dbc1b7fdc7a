// expect: fail still-movable
//! The `impl Unpin` comes from a macro.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that can be replaced by a new one while it is pinned.
#[must_use = "futures do nothing unless polled"]
pub struct Restartable<F> {
    future: F,
    restarts: usize,
}

impl<F: Future> Restartable<F> {
    /// Polls `future`, until it is replaced.
    pub fn new(future: F) -> Self {
        Self {
            future,
            restarts: 0,
        }
    }

    /// How often it was begun anew.
    pub fn restarts(&self) -> usize {
        self.restarts
    }

    /// Begins anew, with another future in the place of this one.
    pub fn restart(self: Pin<&mut Self>, future: F) {
        let (mut place, restarts) = self.project();
        *restarts += 1;
        // Drops the old one where it lies.
        place.set(future);
    }

    /// From the pin of the struct to the future and the count.
    fn project(self: Pin<&mut Self>) -> (Pin<&mut F>, &mut usize) {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: the future is pinned with the struct: there is no `impl Unpin`, no `Drop`, and no other way to it.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        (future, &mut this.restarts)
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().0.poll(cx)
    }
}

macro_rules! movable {
    ($name:ident) => {
        impl<F> Unpin for $name<F> {}
    };
}

movable!(Restartable);
