// expect: fail needless-box
//! In a box the future stays in its place; the box is what was to go.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Calls `cleanup` when `future` has ended: when it is ready, or when it is dropped before. See [`Finally`].
pub fn finally<F: Future, C: FnOnce()>(future: F, cleanup: C) -> Finally<F, C> {
    Finally {
        future: Some(Box::pin(future)),
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
    future: Option<Pin<Box<F>>>,
    /// Until it has run.
    cleanup: Option<C>,
}

impl<F: Future, C: FnOnce()> Future for Finally<F, C> {
    type Output = F::Output;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let future = self.future.as_mut();
        let output = ready!(future.expect("polled after it was ready").as_mut().poll(cx));
        self.get_mut().end();
        Poll::Ready(output)
    }
}

impl<F, C: FnOnce()> Finally<F, C> {
    /// Drops the future where it lies, then cleans up.
    fn end(&mut self) {
        let _last = Last(self.cleanup.take());
        self.future = None;
    }
}

impl<F, C: FnOnce()> Drop for Finally<F, C> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<F, C: FnOnce()> Unpin for Finally<F, C> {}

/// Calls its function when it is dropped.
struct Last<C: FnOnce()>(Option<C>);

impl<C: FnOnce()> Drop for Last<C> {
    fn drop(&mut self) {
        if let Some(cleanup) = self.0.take() {
            cleanup();
        }
    }
}
