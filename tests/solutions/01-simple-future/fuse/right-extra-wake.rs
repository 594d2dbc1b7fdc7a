// expect: pass
//! Wakes the task once more when the output comes: not needed, and something did happen.

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
        match self.inner.as_mut().map(|inner| inner.poll(wake)) {
            Some(Poll::Ready(output)) => {
                wake();
                self.inner = None;
                Poll::Ready(output)
            }
            _ => Poll::Pending,
        }
    }
}
