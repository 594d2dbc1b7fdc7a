// expect: pass
//! Goes on at once and wakes the task besides: a poll too many, and something did happen.

use crate::{Poll, SimpleFuture};

pub struct AndThen<A, F, B> {
    first: Option<A>,
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
        AndThen { first: Some(first), make_second: Some(make_second), second: None }
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
        if let Some(first) = &mut self.first {
            match first.poll(wake) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(output) => {
                    self.first = None;
                    self.second = self.make_second.take().map(|make| make(output));
                    wake();
                }
            }
        }
        match &mut self.second {
            Some(second) => second.poll(wake),
            None => Poll::Pending,
        }
    }
}
