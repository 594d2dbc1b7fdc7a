//! # Projection: a timeout without a box
//!
//! Stage 04's timeout has its future in a box, because `poll` gets a pin to the timeout and needs one to the future inside.
//! Write the same without the box. To get from the pin of a struct to the pin of its field is *projection*: it is unsafe, and
//! the module owes four promises for it, which the chapter lists.
//!
//! What is checked:
//!
//! 1. It is a timeout: the future is polled first, then the time; the output is `Ok`, or `Err(TimedOut)` if the time is over
//!    first. Both hear the waker of each poll that leaves them pending.
//! 2. It is `Unpin` if both fields are, and only then. It is `Send` only if both are, and `Sync` only if the future is, for `get_ref`
//!    shows that.
//! 3. Both fields stay where they are from the first poll on, and are dropped there. Nothing is leaked.
//! 4. `get_pin_mut` lends the future, pinned, where it lies. `polls` counts. `into_inner` takes an unpinned timeout apart.
//! 5. Nothing is allocated, and the timeout has no more bytes than its two futures and a few words.
//!
//! Of methods of your own one thing is checked, by the signature: a public one that gets a `Pin` gives no `&mut` to a future. What
//! moves a future in another way (takes it out, swaps it) breaks the fourth promise just as well, and nobody here calls it.
//!
//! Settled: how you project (one function for all fields, one for each, `map_unchecked_mut`) is yours.
//!
//! Read first: README.md, "From the pin to a field". Do `stack_and_heap` before this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise projection`. Stuck: `cargo xtask hint projection`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use reactor::Sleep;

use crate::TimedOut;

/// Gives `future` as long as `duration`, counted from this call.
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F, Sleep> {
    Timeout::new(future, Sleep::new(duration))
}

/// A future's output, or [`TimedOut`] if `over` was ready first.
///
/// The future is polled before the time is looked at.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Timeout<F, S> {
    /// Pinned with the struct.
    future: F,
    /// Pinned with the struct.
    over: S,
    /// How often it was polled. Is this one pinned?
    polls: usize,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        todo!("nothing is pinned yet")
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        todo!()
    }

    /// The future, for a look at it.
    pub fn get_ref(&self) -> &F {
        todo!("a shared reference moves nothing")
    }

    /// The future, for whatever it lets be done to it while it is pinned.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut F> {
        todo!("from the pin of the struct to the pin of the field")
    }

    /// The future, without its time.
    pub fn into_inner(self) -> F {
        todo!("whoever has the struct by value has it unpinned")
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("project, count, and poll the one and then the other")
    }
}
