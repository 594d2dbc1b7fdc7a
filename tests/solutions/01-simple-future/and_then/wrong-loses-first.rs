// expect: fail dropped-pending
//! Takes the first future out to poll it, and does not put it back (S1-13; actix #375).

use crate::{Poll, SimpleFuture};

pub struct AndThen<A, F, B> {
    first: Option<(A, F)>,
    second: Option<B>,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    pub fn new(first: A, make_second: F) -> Self {
        AndThen { first: Some((first, make_second)), second: None }
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
        if let Some((mut first, make_second)) = self.first.take()
            && let Poll::Ready(output) = first.poll(wake)
        {
            self.second = Some(make_second(output));
        }
        match &mut self.second {
            Some(second) => second.poll(wake),
            None => Poll::Pending,
        }
    }
}
