// expect: fail polled-after-ready
//! Asks the inner future every time, as if it remembered by itself (S1-07 class; futures-rs #2572: a learner asks whether that is fine).

use crate::{Poll, SimpleFuture};

pub struct Fuse<F> {
    inner: F,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        Fuse { inner }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        self.inner.poll(wake)
    }
}
