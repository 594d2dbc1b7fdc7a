// expect: fail blocking-poll
//! Does the first step right, and then loops until the second future is ready (S1-03).

use crate::{Poll, SimpleFuture};

pub struct AndThen<A, F, B> {
    first: A,
    make_second: Option<F>,
    second: Option<B>,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    pub fn new(first: A, make_second: F) -> Self {
        AndThen { first, make_second: Some(make_second), second: None }
    }
}

impl<A, F, B> SimpleFuture for AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    type Output = B::Output;

    fn poll(&mut self, wake: fn()) -> Poll<B::Output> {
        if self.second.is_none() {
            let Poll::Ready(output) = self.first.poll(wake) else {
                return Poll::Pending;
            };
            let make_second = self.make_second.take().expect("called only once");
            self.second = Some(make_second(output));
        }
        loop {
            if let Some(second) = &mut self.second
                && let Poll::Ready(output) = second.poll(wake)
            {
                return Poll::Ready(output);
            }
        }
    }
}
