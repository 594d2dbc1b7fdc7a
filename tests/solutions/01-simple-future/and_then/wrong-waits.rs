// expect: fail blocking-poll
//! Loops inside poll until the first future is ready (S1-03; the commonest beginner's mistake, async-book #64).

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
        while self.second.is_none() {
            if let Poll::Ready(output) = self.first.poll(wake) {
                let make_second = self.make_second.take().expect("called only once");
                self.second = Some(make_second(output));
            }
            std::thread::yield_now();
        }
        self.second.as_mut().expect("made above").poll(wake)
    }
}
