//! # Select: the first of two
//!
//! A read or a time limit, whichever comes first. Write `Select`: it polls two futures until one of
//! them is ready, says which one that was, and gives the other one back unfinished.
//!
//! What is checked:
//!
//! 1. `new` polls nothing. The first poll of the select polls both futures.
//! 2. The select is `Ready` as soon as one of them is: `Either::Left((its output, the right future))`
//!    or `Either::Right((the left future, its output))`.
//! 3. Until then both are kept: neither is dropped.
//! 4. The left one is polled first, and wins when both are ready.
//! 5. The loser can be used on: no output of it was taken, and it can be polled until it is ready.
//! 6. Each future is polled with the `wake` of the select's own poll, at every poll: the latest counts.
//! 7. `poll` does not wait, and wakes nobody itself.
//!
//! Settled: a pending future may be polled more often than needed; polled after `Ready`, the select may
//! do anything. Memory from the heap is not needed; it is remarked on, and passes.
//!
//! Read first: README.md, "The first of two". Do `join` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise select`. Stuck: `cargo xtask hint select`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use crate::{Either, Poll, SimpleFuture};

/// Ready when the first of the two futures is, with its output and the future that lost.
pub struct Select<A, B> {
    left: A,
    right: B,
    // At the end one of them has to be moved out of `&mut self`: what kind of field allows that?
}

impl<A, B> Select<A, B> {
    /// Lets two futures compete. Neither is polled before the `Select` is.
    pub fn new(left: A, right: B) -> Self {
        todo!("put both into a Select")
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        todo!("poll left, then right; at the first Ready give the other one back")
    }
}
