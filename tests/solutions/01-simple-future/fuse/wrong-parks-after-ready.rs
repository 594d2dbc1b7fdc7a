// expect: hang
//! Takes "for ever" for a reason to stop the thread (S1-03 class).

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
        while self.done {
            std::thread::park();
        }
        let polled = self.inner.poll(wake);
        self.done = matches!(polled, Poll::Ready(_));
        polled
    }
}
