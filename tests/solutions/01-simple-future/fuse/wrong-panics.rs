// expect: fail panicked
//! Panics after Ready: allowed to every other future, and just what a fuse is there to prevent.

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
        let inner = self.inner.as_mut().expect("polled after it was ready");
        let polled = inner.poll(wake);
        if let Poll::Ready(_) = polled {
            self.inner = None;
        }
        polled
    }
}
