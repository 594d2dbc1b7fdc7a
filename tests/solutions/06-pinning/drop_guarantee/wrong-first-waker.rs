// expect: fail stale-waker
//! It polls the future with the waker of the first poll.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use pin_project::{pin_project, pinned_drop};

/// Calls `cleanup` when `future` has ended: when it is ready, or when it is dropped before. See [`Finally`].
pub fn finally<F: Future, C: FnOnce()>(future: F, cleanup: C) -> Finally<F, C> {
    Finally {
        future: Some(future),
        cleanup: Some(cleanup),
        waker: None,
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
    /// Of the first poll.
    waker: Option<Waker>,
}

impl<F: Future, C: FnOnce()> Future for Finally<F, C> {
    type Output = F::Output;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.as_mut().project();
        let waker = this.waker.get_or_insert_with(|| cx.waker().clone());
        let future = this.future.as_pin_mut();
        let output = ready!(
            future
                .expect("polled after it was ready")
                .poll(&mut Context::from_waker(waker))
        );
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
