// expect: fail lost-output
//! Polls both and then decides: when both are ready, one output is gone, and its future is finished (S1-09 class).

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
        let (Some(left), Some(right)) = (&mut self.left, &mut self.right) else {
            return Poll::Pending;
        };
        match (left.poll(wake), right.poll(wake)) {
            (Poll::Ready(output), _) => {
                Poll::Ready(Either::Left((output, self.right.take().unwrap())))
            }
            (_, Poll::Ready(output)) => {
                Poll::Ready(Either::Right((self.left.take().unwrap(), output)))
            }
            _ => Poll::Pending,
        }
    }
}
