// expect: fail blocking-poll
//! Loops inside poll until the inner future is ready (S1-03; async-book #64).

use crate::{Poll, SimpleFuture};

pub struct Fuse<F> {
    inner: Option<F>,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        Fuse { inner: Some(inner) }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        while let Some(inner) = &mut self.inner {
            if let Poll::Ready(output) = inner.poll(wake) {
                self.inner = None;
                return Poll::Ready(output);
            }
        }
        Poll::Pending
    }
}
