//! # Stack and heap: two places to pin a future to
//!
//! To poll a future you need a pin, and to get one you need a place that keeps it: this function's stack, or the
//! heap. Write four functions that poll, each with what it has.
//!
//! What is checked:
//!
//! 1. `poll_here` pins to its own stack: it polls once, allocates nothing, and a future that is not ready is dropped when it
//!    returns.
//! 2. `poll_and_keep` polls once and gives back what is not ready, in a way in which it can be polled again: where it was
//!    polled first, it stays.
//! 3. `poll_movable` polls what may be moved, where it is, without allocating.
//! 4. `poll_all` polls each of many once, in their order; takes those out that are ready, and gives their outputs in that order. The
//!    others stay where they lie.
//! 5. Each polls with the waker that it was given.
//!
//! No unsafe code is needed, and none compiles here.
//!
//! Read first: README.md, "Two places to stay". Do `self_reference` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise stack_and_heap`. Stuck: `cargo xtask hint stack_and_heap`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// A future on the heap, whatever its type.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Polls once, on the stack of this function. If the future is not ready, it is dropped here: there is
/// no way to give it back.
pub fn poll_here<F: Future>(future: F, cx: &mut Context<'_>) -> Poll<F::Output> {
    todo!("pin it to this function's stack")
}

/// Polls once, on the heap. If the future is not ready, its box is given back, to be polled again.
///
/// # Errors
///
/// The future that is not ready.
pub fn poll_and_keep<F: Future>(future: F, cx: &mut Context<'_>) -> Result<F::Output, Pin<Box<F>>> {
    todo!("pin it to the heap; to poll it and keep the box, lend the pin")
}

/// Polls a future that may be moved between two polls: it needs no place of its own.
pub fn poll_movable<F: Future + Unpin>(future: &mut F, cx: &mut Context<'_>) -> Poll<F::Output> {
    todo!("for what is `Unpin`, a pin is made of any reference")
}

/// Polls each once, and takes those out that are ready, with their outputs. The boxes of the others may move in the
/// vector; their futures do not move.
pub fn poll_all<T>(futures: &mut Vec<Boxed<'_, T>>, cx: &mut Context<'_>) -> Vec<T> {
    todo!("poll each, and keep those that are pending")
}
