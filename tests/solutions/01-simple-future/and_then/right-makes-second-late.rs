// expect: pass
//! Keeps the output, wakes itself, and makes the second future only in the poll after that.

use crate::{Poll, SimpleFuture};

pub struct AndThen<A: SimpleFuture, F, B> {
    first: A,
    make_second: Option<F>,
    output: Option<A::Output>,
    second: Option<B>,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    pub fn new(first: A, make_second: F) -> Self {
        AndThen { first, make_second: Some(make_second), output: None, second: None }
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
        if let Some(output) = self.output.take() {
            self.second = self.make_second.take().map(|make| make(output));
        }
        if let Some(second) = &mut self.second {
            return second.poll(wake);
        }
        if let Poll::Ready(output) = self.first.poll(wake) {
            self.output = Some(output);
            wake();
        }
        Poll::Pending
    }
}
