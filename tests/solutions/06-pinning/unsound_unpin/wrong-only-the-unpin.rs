// expect: fail dropped-elsewhere
//! The lie is gone, and `restart` still takes the old future out before it drops it (S6-07).

use std::mem;
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
        // SAFETY: so that it compiles.
        let this = unsafe { self.get_unchecked_mut() };
        this.restarts += 1;
        drop(mem::replace(&mut this.future, future));
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is pinned with the struct.
        unsafe { self.map_unchecked_mut(|this| &mut this.future) }.poll(cx)
    }
}
