//! # Join: two futures at once, in one value
//!
//! A task that waits for two things needs one future that waits for both. Write `Join`: it owns two
//! futures, pushes both whenever it is pushed, and is ready when both are.
//!
//! What is checked:
//!
//! 1. `new` polls nothing. The first poll of the join polls both children.
//! 2. The join is `Ready` when both children are, with both outputs in order, whichever was first.
//! 3. A child that has answered `Ready` is never polled again.
//! 4. Each child's wake reaches the task: every child is polled with the `wake` of the join's own poll.
//! 5. `poll` does not wait, and wakes nobody itself.
//! 6. Nothing is allocated.
//!
//! Settled: the children may be polled in any order; a pending child may be polled more often than
//! needed; a finished child may be dropped at once or with the join; polled after `Ready`, the join may
//! do anything.
//!
//! Read first: README.md, "Both at once". Do `and_then` before this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise join`. Stuck: `cargo xtask hint join`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables)]

use crate::{Poll, SimpleFuture};

/// Ready when both futures are, with both outputs.
pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    left: A,
    right: B,
    // More fields? An output that comes first has to be kept somewhere: `Option<A::Output>` is a type.
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    /// Joins two futures. Neither is polled before the `Join` is.
    pub fn new(left: A, right: B) -> Self {
        todo!("put both into a Join")
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        todo!("poll what is not finished; keep what came; Ready when both outputs are there")
    }
}
