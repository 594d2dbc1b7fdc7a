// expect: fail swallowed-wake
//! Polls the second future for the first time with a wake that does nothing (S1-10; tokio #8279: a no-op waker took the place of the real one).

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
        match self.first.poll(wake) {
            Poll::Ready(output) => {
                let make_second = self.make_second.take().expect("called only once");
                self.second.insert(make_second(output)).poll(|| {})
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
