// expect: fail polled-after-ready
//! Keeps no output, and hopes that both children are ready in the same poll (S1-09).

use crate::{Poll, SimpleFuture};

pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    left: A,
    right: B,
    left_output: Option<A::Output>,
    right_output: Option<B::Output>,
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Join { left, right, left_output: None, right_output: None }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        match (self.left.poll(wake), self.right.poll(wake)) {
            (Poll::Ready(left), Poll::Ready(right)) => Poll::Ready((left, right)),
            _ => Poll::Pending,
        }
    }
}
