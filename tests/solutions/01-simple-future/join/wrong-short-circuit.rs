// expect: fail not-concurrent
//! Returns as soon as the first child is pending (S1-08; futures-rs #255: join_all was sequential).

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
            match self.left.poll(wake) {
                Poll::Ready(output) => self.left_output = Some(output),
                Poll::Pending => return Poll::Pending,
            }
        }
        if self.right_output.is_none() {
            match self.right.poll(wake) {
                Poll::Ready(output) => self.right_output = Some(output),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready((self.left_output.take().unwrap(), self.right_output.take().unwrap()))
    }
}
