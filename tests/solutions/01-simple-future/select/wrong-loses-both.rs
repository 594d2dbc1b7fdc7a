// expect: fail dropped-pending
//! Takes both futures out to poll them, and does not put them back (S1-13; actix #375).

use crate::{Either, Poll, SimpleFuture};

pub struct Select<A, B> {
    both: Option<(A, B)>,
}

impl<A, B> Select<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Select { both: Some((left, right)) }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let Some((mut left, mut right)) = self.both.take() else {
            return Poll::Pending;
        };
        if let Poll::Ready(output) = left.poll(wake) {
            return Poll::Ready(Either::Left((output, right)));
        }
        if let Poll::Ready(output) = right.poll(wake) {
            return Poll::Ready(Either::Right((left, output)));
        }
        Poll::Pending
    }
}
