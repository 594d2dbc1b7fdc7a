// expect: fail busy-wake
//! Meant to wake once on the way to the second future, and wakes at every poll that is pending (S1-02).

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
        let polled = self.second.as_mut().expect("made above").poll(wake);
        if matches!(polled, Poll::Pending) {
            wake();
        }
        polled
    }
}
