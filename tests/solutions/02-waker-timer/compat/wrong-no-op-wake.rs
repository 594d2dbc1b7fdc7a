// expect: fail lost-wakeup
//! Polls with a wake that does nothing (S1-10; tokio-rs/tokio #8279: a no-op waker took the place of the real one).

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

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.inner.poll(|| {}) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

