// expect: fail stale-waker
//! Keeps the wake of the first poll and hands that on ever after (S1-05; smol #167).

use crate::{Poll, SimpleFuture};

pub struct Fuse<F> {
    inner: F,
    done: bool,
    wake: Option<fn()>,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        Fuse { inner, done: false, wake: None }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        if self.done {
            return Poll::Pending;
        }
        let polled = self.inner.poll(*self.wake.get_or_insert(wake));
        self.done = matches!(polled, Poll::Ready(_));
        polled
    }
}
