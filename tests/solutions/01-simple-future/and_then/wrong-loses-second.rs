// expect: fail dropped-pending
//! Takes the second future out to poll it, and does not put it back (S1-13; actix #375).

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
        if let Some(make_second) = self.make_second.take() {
            match self.first.poll(wake) {
                Poll::Ready(output) => self.second = Some(make_second(output)),
                Poll::Pending => {
                    self.make_second = Some(make_second);
                    return Poll::Pending;
                }
            }
        }
        self.second.take().expect("made above").poll(wake)
    }
}
