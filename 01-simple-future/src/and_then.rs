//! Two futures one after the other, the second made from what the first gave.
//!
//! *Asynchronous Programming in Rust* names this as what the real combinator does, beyond its own
//! [`AndThenFut`](crate::AndThenFut): breakfast must be there before there is a future that eats it.

use std::mem;

use crate::{Poll, SimpleFuture};

/// Runs `first`, calls `make_second` with its output, and runs the future that comes back.
///
/// Nothing is allocated: at any time the `AndThen` holds either the first future and the closure,
/// or the second future, in the same space. The first is dropped before the second is made.
///
/// # Panics
///
/// `poll` panics after `Ready`: the second future has been dropped.
///
/// ```
/// use simple_future::{AndThen, Poll, SimpleFuture};
///
/// struct Now(u32);
///
/// impl SimpleFuture for Now {
///     type Output = u32;
///
///     fn poll(&mut self, _wake: fn()) -> Poll<u32> {
///         Poll::Ready(self.0)
///     }
/// }
///
/// let mut chain = AndThen::new(Now(20), |first| Now(first + 1));
/// assert_eq!(chain.poll(|| {}), Poll::Ready(21));
/// ```
pub struct AndThen<A, F, B> {
    /// How far the chain is.
    state: State<A, F, B>,
}

/// The chain goes through these in order. `poll` moves it on.
enum State<A, F, B> {
    /// The first future is running. The closure waits beside it for the output.
    First(A, F),
    /// The first future and the closure are used up. The second future is running.
    Second(B),
    /// The second future is finished and dropped, or the closure panicked.
    Done,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    /// Chains a future and the closure that makes the next one. Neither runs before the first poll.
    pub fn new(first: A, make_second: F) -> Self {
        AndThen {
            state: State::First(first, make_second),
        }
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
        if let State::First(first, _) = &mut self.state {
            let Poll::Ready(output) = first.poll(wake) else {
                return Poll::Pending;
            };
            let State::First(_, make_second) = mem::replace(&mut self.state, State::Done) else {
                unreachable!("the first future has just been polled");
            };
            self.state = State::Second(make_second(output));
        }
        let State::Second(second) = &mut self.state else {
            panic!("AndThen was polled after it was ready");
        };
        // Also on the very poll that made it: only the second future can arrange the next wake.
        let polled = second.poll(wake);
        if let Poll::Ready(_) = polled {
            self.state = State::Done;
        }
        polled
    }
}
