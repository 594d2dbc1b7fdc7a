// expect: fail dropped-elsewhere
//! In its place, but for a panic: then it is moved to be dropped.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Calls `cleanup` when `future` has ended: when it is ready, or when it is dropped before. See [`Finally`].
pub fn finally<F: Future, C: FnOnce()>(future: F, cleanup: C) -> Finally<F, C> {
    Finally {
        future: Some(future),
        cleanup: OnDrop(Some(cleanup)),
    }
}

/// A future, and then a cleanup.
///
/// The cleanup runs once, and after the future has been dropped: what the future held is free by then. If the future's destructor
/// panics, the cleanup runs all the same.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Finally<F, C: FnOnce()> {
    future: Option<F>,
    // Dropped after `future`: fields are dropped in order.
    cleanup: OnDrop<C>,
}

impl<F, C: FnOnce()> Drop for Finally<F, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            drop(self.future.take());
        }
    }
}

#[derive(Debug)]
struct OnDrop<C: FnOnce()>(Option<C>);
impl<C: FnOnce()> Drop for OnDrop<C> {
    fn drop(&mut self) {
        if let Some(c) = self.0.take() {
            c();
        }
    }
}

impl<F: Future, C: FnOnce()> Future for Finally<F, C> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: nothing moves.
        let this = unsafe { self.get_unchecked_mut() };
        let o = ready!(
            unsafe { Pin::new_unchecked(this.future.as_mut().expect("polled after ready")) }
                .poll(cx)
        );
        this.future = None;
        drop(OnDrop(this.cleanup.0.take()));
        Poll::Ready(o)
    }
}
