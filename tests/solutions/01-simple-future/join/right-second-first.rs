// expect: pass
//! Polls the right child first, and drops a finished child only together with the other: both are a
//! matter of taste.

use crate::{Poll, SimpleFuture};

pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    left: A,
    right: B,
    outputs: (Option<A::Output>, Option<B::Output>),
    gone: bool,
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Join { left, right, outputs: (None, None), gone: false }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if self.gone {
            return Poll::Pending;
        }
        if let (_, slot @ None) = &mut self.outputs
            && let Poll::Ready(output) = self.right.poll(wake)
        {
            *slot = Some(output);
        }
        if let (slot @ None, _) = &mut self.outputs
            && let Poll::Ready(output) = self.left.poll(wake)
        {
            *slot = Some(output);
        }
        match std::mem::take(&mut self.outputs) {
            (Some(left), Some(right)) => {
                self.gone = true;
                Poll::Ready((left, right))
            }
            not_yet => {
                self.outputs = not_yet;
                Poll::Pending
            }
        }
    }
}
