// expect: fail busy-wake
//! Has itself polled again at once instead of waiting for its futures (S1-02; unicycle #5).

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
        if let Some(left) = &mut self.left
            && let Poll::Ready(output) = left.poll(wake)
        {
            let right = self.right.take().expect("given away only once");
            return Poll::Ready(Either::Left((output, right)));
        }
        if let Some(right) = &mut self.right
            && let Poll::Ready(output) = right.poll(wake)
        {
            let left = self.left.take().expect("given away only once");
            return Poll::Ready(Either::Right((left, output)));
        }
        wake();
        Poll::Pending
    }
}
