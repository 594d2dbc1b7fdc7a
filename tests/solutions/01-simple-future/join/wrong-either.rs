// expect: fail panicked
//! Ready as soon as one child is, with whatever the other has (S1-09).

use crate::{Poll, SimpleFuture};

pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    left: A,
    right: B,
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    pub fn new(left: A, right: B) -> Self {
        Join { left, right }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let left = self.left.poll(wake);
        let right = self.right.poll(wake);
        match (left, right) {
            (Poll::Pending, Poll::Pending) => Poll::Pending,
            // A default that only the compiler believes in: nobody ever looks.
            (left, right) => Poll::Ready((value(left), value(right))),
        }
    }
}

fn value<T>(poll: Poll<T>) -> T {
    match poll {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the other one was not ready"),
    }
}
