// expect: pass with advice allocates
//! Puts both futures into one box: it works, and costs an allocation.

use crate::{Either, Poll, SimpleFuture};

pub struct Select<A, B> {
    both: Option<Box<(A, B)>>,
}

impl<A, B> Select<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Select { both: Some(Box::new((left, right))) }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let both = self.both.as_mut().expect("not polled after Ready");
        if let Poll::Ready(output) = both.0.poll(wake) {
            let (_, right) = *self.both.take().expect("it has just been there");
            return Poll::Ready(Either::Left((output, right)));
        }
        if let Poll::Ready(output) = both.1.poll(wake) {
            let (left, _) = *self.both.take().expect("it has just been there");
            return Poll::Ready(Either::Right((left, output)));
        }
        Poll::Pending
    }
}
