// expect: fail eager
//! Polls the inner future in `new`, in case it is ready at once (S1-15 class).

use crate::{Poll, SimpleFuture};

pub struct Fuse<F: SimpleFuture> {
    inner: F,
    early: Option<F::Output>,
    done: bool,
}

impl<F: SimpleFuture> Fuse<F> {
    pub fn new(inner: F) -> Self {
        let mut fuse = Fuse { inner, early: None, done: false };
        if let Poll::Ready(output) = fuse.inner.poll(|| {}) {
            fuse.early = Some(output);
            fuse.done = true;
        }
        fuse
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        if let Some(output) = self.early.take() {
            return Poll::Ready(output);
        }
        if self.done {
            return Poll::Pending;
        }
        let polled = self.inner.poll(wake);
        self.done = matches!(polled, Poll::Ready(_));
        polled
    }
}
