// expect: fail unsafe-way-out
//! It promises to be `Send` if its future is, and forgets the cleanup.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};

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
#[pin_project(PinnedDrop)]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Finally<F, C: FnOnce()> {
    /// `None` once it has ended.
    #[pin]
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
        let future = self.as_mut().project().future.as_pin_mut();
        let output = ready!(future.expect("polled after it was ready").poll(cx));
        self.end();
        Poll::Ready(output)
    }
}

impl<F, C: FnOnce()> Finally<F, C> {
    /// Drops the future where it lies, then cleans up.
    fn end(self: Pin<&mut Self>) {
        let mut this = self.project();
        // Runs when this function is left, also by a panic of the future's destructor.
        let _last = Last(this.cleanup.take());
        this.future.set(None);
    }
}

#[pinned_drop]
impl<F, C: FnOnce()> PinnedDrop for Finally<F, C> {
    fn drop(self: Pin<&mut Self>) {
        self.end();
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

// SAFETY: none: the cleanup lies in it, too.
unsafe impl<F: Send, C: FnOnce()> Send for Finally<F, C> {}
