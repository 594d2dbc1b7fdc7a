// expect: fail swallowed-wake
//! Polls the inner future with a wake that does nothing (S1-10; tokio #8279).

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
        let polled = self.inner.poll(|| {});
        self.done = matches!(polled, Poll::Ready(_));
        polled
    }
}
