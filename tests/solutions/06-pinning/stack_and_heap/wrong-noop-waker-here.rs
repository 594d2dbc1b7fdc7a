// expect: fail lost-wakeup
//! `poll_here` polls with a waker of its own, which does nothing: nobody hears when the future can go on.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// A future on the heap, whatever its type.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Polls once, on the stack of this function. If the future is not ready, it is dropped here: there is
/// no way to give it back.
pub fn poll_here<F: Future>(future: F, cx: &mut Context<'_>) -> Poll<F::Output> {
    let _ = cx;
    pin!(future).poll(&mut Context::from_waker(std::task::Waker::noop()))
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
