// expect: pass
//! One enum, and a loop that goes from state to state; the state is taken out and always put back.

use std::mem;

use crate::{Poll, SimpleFuture};

pub enum AndThen<A, F, B> {
    First(A, F),
    Second(B),
    Moving,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    pub fn new(first: A, make_second: F) -> Self {
        AndThen::First(first, make_second)
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
        loop {
            match mem::replace(self, AndThen::Moving) {
                AndThen::First(mut first, make_second) => match first.poll(wake) {
                    Poll::Ready(output) => *self = AndThen::Second(make_second(output)),
                    Poll::Pending => {
                        *self = AndThen::First(first, make_second);
                        return Poll::Pending;
                    }
                },
                AndThen::Second(mut second) => {
                    let polled = second.poll(wake);
                    if let Poll::Pending = polled {
                        *self = AndThen::Second(second);
                    }
                    return polled;
                }
                AndThen::Moving => return Poll::Pending,
            }
        }
    }
}
