// expect: pass
//! Takes both out for each poll, and puts both back when neither is ready.

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
        let (mut left, mut right) = self.both.take().expect("not polled after Ready");
        if let Poll::Ready(output) = left.poll(wake) {
            return Poll::Ready(Either::Left((output, right)));
        }
        if let Poll::Ready(output) = right.poll(wake) {
            return Poll::Ready(Either::Right((left, output)));
        }
        self.both = Some((left, right));
        Poll::Pending
    }
}
