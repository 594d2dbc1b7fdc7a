// expect: pass with advice allocates
//! Puts the inner future into a box: it works, and costs an allocation.

use crate::{Poll, SimpleFuture};

pub struct Fuse<F> {
    inner: Option<Box<F>>,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        Fuse { inner: Some(Box::new(inner)) }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        let Some(inner) = &mut self.inner else {
            return Poll::Pending;
        };
        let polled = inner.poll(wake);
        if let Poll::Ready(_) = polled {
            self.inner = None;
        }
        polled
    }
}
