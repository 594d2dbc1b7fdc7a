// expect: fail wrong-bias
//! Changes the order at every poll, to be fair; the contract promises left first.

use crate::{Either, Poll, SimpleFuture};

pub struct Select<A, B> {
    left: Option<A>,
    right: Option<B>,
    right_first: bool,
}

impl<A, B> Select<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Select { left: Some(left), right: Some(right), right_first: false }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        self.right_first = !self.right_first;
        if !self.right_first
            && let Some(right) = &mut self.right
            && let Poll::Ready(output) = right.poll(wake)
        {
            let left = self.left.take().expect("given away only once");
            return Poll::Ready(Either::Right((left, output)));
        }
        if let Some(left) = &mut self.left
            && let Poll::Ready(output) = left.poll(wake)
        {
            let right = self.right.take().expect("given away only once");
            return Poll::Ready(Either::Left((output, right)));
        }
        if self.right_first
            && let Some(right) = &mut self.right
            && let Poll::Ready(output) = right.poll(wake)
        {
            let left = self.left.take().expect("given away only once");
            return Poll::Ready(Either::Right((left, output)));
        }
        Poll::Pending
    }
}
