// expect: fail polled-after-ready
//! Begins every poll with the first future, finished or not (S1-07; futures-concurrency #135 in a join).

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
        if let Poll::Ready(output) = self.first.poll(wake)
            && let Some(make_second) = self.make_second.take()
        {
            self.second = Some(make_second(output));
        }
        match &mut self.second {
            Some(second) => second.poll(wake),
            None => Poll::Pending,
        }
    }
}
