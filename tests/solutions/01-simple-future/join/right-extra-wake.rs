// expect: pass
//! Wakes the task once more whenever a child finishes: not needed, and harmless, because something did
//! happen.

use crate::{Poll, SimpleFuture};

pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    left: Result<A, Option<A::Output>>,
    right: Result<B, Option<B::Output>>,
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Join { left: Ok(left), right: Ok(right) }
    }
}

fn push<F: SimpleFuture>(half: &mut Result<F, Option<F::Output>>, wake: fn()) {
    if let Ok(child) = half
        && let Poll::Ready(output) = child.poll(wake)
    {
        *half = Err(Some(output));
        wake();
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        push(&mut self.left, wake);
        push(&mut self.right, wake);
        match (&mut self.left, &mut self.right) {
            (Err(left @ Some(_)), Err(right @ Some(_))) => {
                Poll::Ready((left.take().unwrap(), right.take().unwrap()))
            }
            _ => Poll::Pending,
        }
    }
}
