// expect: fail dropped-pending
//! Takes the inner future out to poll it, and does not put it back (S1-13; actix #375).

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
        match self.inner.take() {
            Some(mut inner) => inner.poll(wake),
            None => Poll::Pending,
        }
    }
}
