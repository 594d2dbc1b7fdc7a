// expect: pass
//! The children stay where they are; two `Option`s for the outputs tell who is finished.

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
        if self.left_output.is_none() {
            if let Poll::Ready(output) = self.left.poll(wake) {
                self.left_output = Some(output);
            }
        }
        if self.right_output.is_none() {
            if let Poll::Ready(output) = self.right.poll(wake) {
                self.right_output = Some(output);
            }
        }
        if self.left_output.is_none() || self.right_output.is_none() {
            return Poll::Pending;
        }
        match (self.left_output.take(), self.right_output.take()) {
            (Some(left), Some(right)) => Poll::Ready((left, right)),
            _ => unreachable!(),
        }
    }
}
