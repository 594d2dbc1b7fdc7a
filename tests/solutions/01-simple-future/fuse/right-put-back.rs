// expect: pass
//! Takes the future out for each poll, and puts it back while it is pending.

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
        if let Some(mut inner) = self.inner.take() {
            match inner.poll(wake) {
                Poll::Ready(output) => return Poll::Ready(output),
                Poll::Pending => self.inner = Some(inner),
            }
        }
        Poll::Pending
    }
}
