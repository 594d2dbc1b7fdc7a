// expect: fail allocates
//! Puts the second future into a box, because its type is long to write.

use crate::{Poll, SimpleFuture};

pub struct AndThen<A, F, B> {
    first: A,
    make_second: Option<F>,
    second: Option<Box<B>>,
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
            self.second = Some(Box::new(make_second(output)));
        }
        self.second.as_mut().expect("made above").poll(wake)
    }
}
