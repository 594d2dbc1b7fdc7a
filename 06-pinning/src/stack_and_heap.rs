//! Two places to pin a future to: this function's stack, and the heap.
//!
//! Pinning to the stack costs nothing and ends with the function: what is pinned there cannot be given away.
//! Pinning to the heap costs an allocation, and then the *box* can be given away, stored, and moved about,
//! while the future in it stays where it is.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// A future on the heap, whatever its type.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Polls once, on the stack of this function. If the future is not ready, it is dropped here: there is
/// no way to give it back.
///
/// ```
/// use pinning::poll_here;
/// use std::task::{Context, Poll, Waker};
///
/// let mut cx = Context::from_waker(Waker::noop());
/// assert_eq!(poll_here(async { 42 }, &mut cx), Poll::Ready(42));
/// ```
pub fn poll_here<F: Future>(future: F, cx: &mut Context<'_>) -> Poll<F::Output> {
    pin!(future).poll(cx)
}

/// Polls once, on the heap. If the future is not ready, its box is given back, to be polled again.
///
/// # Errors
///
/// The future that is not ready.
pub fn poll_and_keep<F: Future>(future: F, cx: &mut Context<'_>) -> Result<F::Output, Pin<Box<F>>> {
    let mut future = Box::pin(future);
    match future.as_mut().poll(cx) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(future),
    }
}

/// Polls a future that may be moved between two polls: it needs no place of its own.
pub fn poll_movable<F: Future + Unpin>(future: &mut F, cx: &mut Context<'_>) -> Poll<F::Output> {
    Pin::new(future).poll(cx)
}

/// Polls each once, and takes those out that are ready, with their outputs. The boxes of the others may move in the
/// vector; their futures do not move.
pub fn poll_all<T>(futures: &mut Vec<Boxed<'_, T>>, cx: &mut Context<'_>) -> Vec<T> {
    let mut outputs = Vec::new();
    futures.retain_mut(|future| match future.as_mut().poll(cx) {
        Poll::Ready(output) => {
            outputs.push(output);
            false
        }
        Poll::Pending => true,
    });
    outputs
}
