// expect: fail not-concurrent
//! Leaves as soon as the left future is pending; the right one never begins (S1-08; futures-rs #255: join_all was sequential).

use crate::{Either, Poll, SimpleFuture};

pub struct Select<A, B> {
    left: Option<A>,
    right: Option<B>,
}

impl<A, B> Select<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Select { left: Some(left), right: Some(right) }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let left = self.left.as_mut().expect("not polled after Ready");
        let Poll::Ready(output) = left.poll(wake) else {
            return Poll::Pending;
        };
        let right = self.right.take().expect("not polled after Ready");
        Poll::Ready(Either::Left((output, right)))
    }
}
