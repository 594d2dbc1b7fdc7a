// expect: pass
//! A flag, and the finished future stays until the fuse is dropped.

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
        if self.done {
            return Poll::Pending;
        }
        let polled = self.inner.poll(wake);
        self.done = matches!(polled, Poll::Ready(_));
        polled
    }
}
