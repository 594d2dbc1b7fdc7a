// expect: fail swallowed-wake
//! Polls the second child with a wake that does nothing (S1-10; tokio #8279: a no-op waker took the place of the real one).

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
            if let Poll::Ready(output) = self.right.poll(|| {}) {
                self.right_output = Some(output);
            }
        }
        if self.left_output.is_none() || self.right_output.is_none() {
            return Poll::Pending;
        }
        Poll::Ready((self.left_output.take().unwrap(), self.right_output.take().unwrap()))
    }
}
