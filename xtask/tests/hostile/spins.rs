//! Computes without end.

use crate::{Poll, SimpleFuture};

pub struct Join<A: SimpleFuture, B: SimpleFuture>(A, B);

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Join(left, right)
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, _wake: fn()) -> Poll<Self::Output> {
        loop {
            std::hint::spin_loop();
        }
    }
}
