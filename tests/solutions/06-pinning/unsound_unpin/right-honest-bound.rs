// expect: pass
//! The `impl Unpin` stays, with the bound that makes it true; the rest is by hand.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that can be replaced by a new one while it is pinned.
#[must_use = "futures do nothing unless polled"]
pub struct Restartable<F> {
    future: F,
    restarts: usize,
}

impl<F: Unpin> Unpin for Restartable<F> {}

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
        // SAFETY: the count is not pinned, and the future is dropped in its place by the assignment.
        let this = unsafe { self.get_unchecked_mut() };
        this.restarts += 1;
        this.future = future;
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is pinned with the struct.
        unsafe { self.map_unchecked_mut(|this| &mut this.future) }.poll(cx)
    }
}
