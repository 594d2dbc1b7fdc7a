// expect: fail busy-wake
//! Gives up on the `fn()`, and asks to be polled again instead (S1-02; rust-lang/futures-rs #2799).

use std::pin::Pin;
use std::task::{Context, Poll};

use simple_future::SimpleFuture;

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        Compat { inner }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.inner.poll(|| {}) {
            simple_future::Poll::Pending => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

