// expect: fail dropped-elsewhere
//! In its place when it is ready, and moved when it is dropped in the middle.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Calls `cleanup` when `future` has ended: when it is ready, or when it is dropped before. See [`Finally`].
pub fn finally<F: Future, C: FnOnce()>(future: F, cleanup: C) -> Finally<F, C> {
    Finally {
        future: Some(future),
        cleanup: Some(cleanup),
    }
}

/// A future, and then a cleanup.
///
/// The cleanup runs once, and after the future has been dropped: what the future held is free by then. If the future's destructor
/// panics, the cleanup runs all the same.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Finally<F, C: FnOnce()> {
    /// `None` once it has ended.
    future: Option<F>,
    /// Until it has run.
    cleanup: Option<C>,
}

impl<F: Future, C: FnOnce()> Future for Finally<F, C> {
    type Output = F::Output;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the field is pinned with the struct.
        let future = unsafe { self.as_mut().map_unchecked_mut(|this| &mut this.future) };
        let future = future.as_pin_mut();
        let output = ready!(future.expect("polled after it was ready").poll(cx));
        self.end();
        Poll::Ready(output)
    }
}

impl<F, C: FnOnce()> Finally<F, C> {
    /// Drops the future where it lies, then cleans up.
    fn end(self: Pin<&mut Self>) {
        // SAFETY: nothing is moved out of it but the cleanup, which is not pinned.
        let this = unsafe { self.get_unchecked_mut() };
        let _last = Last(this.cleanup.take());
        // SAFETY: the field is pinned with the struct.
        unsafe { Pin::new_unchecked(&mut this.future) }.set(None);
    }
}

impl<F, C: FnOnce()> Drop for Finally<F, C> {
    fn drop(&mut self) {
        let _last = Last(self.cleanup.take());
        drop(std::mem::take(&mut self.future));
    }
}

/// Calls its function when it is dropped.
struct Last<C: FnOnce()>(Option<C>);

impl<C: FnOnce()> Drop for Last<C> {
    fn drop(&mut self) {
        if let Some(cleanup) = self.0.take() {
            cleanup();
        }
    }
}
