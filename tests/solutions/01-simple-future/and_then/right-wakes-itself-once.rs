// expect: pass
//! Ends the poll after the first future, and has arranged another one: that is no gap either.

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
        if let Some(second) = &mut self.second {
            return second.poll(wake);
        }
        if let Poll::Ready(output) = self.first.poll(wake) {
            let make_second = self.make_second.take().expect("called only once");
            self.second = Some(make_second(output));
            wake();
        }
        Poll::Pending
    }
}
