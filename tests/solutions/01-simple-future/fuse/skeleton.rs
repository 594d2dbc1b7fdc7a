//! # Fuse: a future that may be polled after it was ready
//!
//! A loop that polls several futures from the top cannot always know which of them are finished. Write
//! `Fuse`: it gives the inner future's output once, and remembers for the loop that it has.
//!
//! What is checked:
//!
//! 1. `new` polls nothing. The first poll polls the inner future.
//! 2. The fuse is `Ready` in the poll in which the inner future is, with its output.
//! 3. While the inner future is pending, it is kept, however often it is polled.
//! 4. After `Ready` the fuse is `Pending` for ever, and the inner future is not polled again.
//! 5. The inner future is polled with the `wake` of the fuse's own poll, at every poll: the latest
//!    counts.
//! 6. `poll` does not wait, and wakes nobody itself. The `Pending` after `Ready` arranges no wake,
//!    because nothing will come any more.
//!
//! Settled: the finished inner future may be dropped at once or with the fuse. Memory from the heap is
//! not needed; it is remarked on, and passes.
//!
//! Read first: README.md, "After Ready". Do `and_then` before this. About 10 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise fuse`. Stuck: `cargo xtask hint fuse`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables)]

use crate::{Poll, SimpleFuture};

/// Gives the inner future's output once, and is `Pending` for ever after.
pub struct Fuse<F> {
    inner: F,
    // What has to be remembered? A field more, or another type for this one.
}

impl<F: SimpleFuture> Fuse<F> {
    /// Wraps a future. It is not polled before the `Fuse` is.
    pub fn new(inner: F) -> Self {
        todo!("put it into a Fuse")
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        todo!("Pending if it was ready before; else what the inner future answers, remembered")
    }
}
