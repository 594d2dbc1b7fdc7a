// expect: fail never-ready
//! Counts the first poll as the last one, whatever it answered.

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
        self.done = true;
        self.inner.poll(wake)
    }
}
