//! # AndThen: one future after the other
//!
//! Breakfast first, then whatever comes after it: the second future is made from what the first one
//! gave. Write `AndThen`: it polls the first future until that is ready, calls the closure with the
//! output, and from then on polls the future that the closure made.
//!
//! What is checked:
//!
//! 1. `new` polls nothing. A chain that is polled polls the future that it waits for.
//! 2. The second future is made from the first one's output, and its output is the chain's.
//! 3. A future that is still pending is kept: it is not dropped, and not made again.
//! 4. There is no gap: in the poll in which the first future is ready, poll the second one too, or
//!    call `wake`. Otherwise nobody has a reason to poll the chain again.
//! 5. The first future is never polled again after it was ready.
//! 6. Each future is polled with the `wake` of the chain's own poll, at every poll: the latest counts.
//! 7. `poll` does not wait, and does not wake the task while nothing has happened.
//! 8. Nothing is allocated.
//!
//! Settled: a pending future may be polled more often than needed; the first future may be dropped at
//! once or with the chain; polled after `Ready`, the chain may do anything.
//!
//! Read first: README.md, "One after the other". Nothing has to be done before. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise and_then`. Stuck: `cargo xtask hint and_then`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables)]

use crate::{Poll, SimpleFuture};

/// Runs `first`, calls `make_second` with its output, and runs the future that comes back.
pub struct AndThen<A, F, B> {
    first: A,
    make_second: F,
    // A `FnOnce` can be called only by value, and there is only `&mut self` in `poll`: `Option::take`
    // is one way to get at it. One `enum` in the place of all three fields is another.
    second: Option<B>,
}

impl<A, F, B> AndThen<A, F, B>
where
    A: SimpleFuture,
    F: FnOnce(A::Output) -> B,
    B: SimpleFuture,
{
    /// Chains a future and the closure that makes the next one. Neither runs before the first poll.
    pub fn new(first: A, make_second: F) -> Self {
        todo!("put both into an AndThen")
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
        todo!("poll the first; once it is ready, make the second; poll the second")
    }
}
