// expect: fail polled-after-ready
//! Polls once to see whether the future is ready, and once more for the output (S1-07 class).

use crate::{Poll, SimpleFuture};

pub struct Fuse<F> {
    inner: F,
    done: bool,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        Fuse { inner, done: false }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        if !self.done && matches!(self.inner.poll(wake), Poll::Ready(_)) {
            self.done = true;
            return self.inner.poll(wake);
        }
        Poll::Pending
    }
}
