// expect: pass
//! Wakes the task once more when there is a winner: not needed, and something did happen.

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
        match (&mut self.left, &mut self.right) {
            (Some(left), Some(right)) => {
                if let Poll::Ready(output) = left.poll(wake) {
                    wake();
                    return Poll::Ready(Either::Left((output, self.right.take().unwrap())));
                }
                if let Poll::Ready(output) = right.poll(wake) {
                    wake();
                    return Poll::Ready(Either::Right((self.left.take().unwrap(), output)));
                }
                Poll::Pending
            }
            _ => Poll::Pending,
        }
    }
}
