// expect: pass
//! Dropped by a pointer, and written over.

use std::pin::Pin;
use std::ptr;
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
        let (place, restarts) = self.project();
        *restarts += 1;
        // SAFETY: nothing is moved out of it.
        let place: *mut F = unsafe { place.get_unchecked_mut() };
        let _put = Put {
            place,
            future: Some(future),
        };
        // SAFETY: it is dropped once, and the place is filled right after, also when this panics.
        unsafe { ptr::drop_in_place(place) };
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

/// Fills the place when it goes.
struct Put<F> {
    place: *mut F,
    future: Option<F>,
}

impl<F> Drop for Put<F> {
    fn drop(&mut self) {
        if let Some(future) = self.future.take() {
            // SAFETY: what was there has been dropped.
            unsafe { self.place.write(future) };
        }
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().0.poll(cx)
    }
}
