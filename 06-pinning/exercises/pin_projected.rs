//! # Pin-projected: three combinators without a box, and without unsafe code
//!
//! `pin-project` writes the projection, and keeps its promises. With it, write the timeout once more, and two
//! combinators that stage 01 had for `SimpleFuture`: `Map`, which passes an output through a function, and `Then`, which goes
//! on with a second future that is made from the first one's output.
//!
//! What is checked:
//!
//! 1. `Timeout` does what it did in `projection`. In all three, what they wait for hears the waker of the latest poll.
//! 2. `Map` calls its function once, with the output, when it is there.
//! 3. `Then` makes the second future when the first is ready, and polls it in the same poll (or wakes itself). Before the second
//!    is polled, the first is dropped; they share one place, so `Then` is hardly larger than the larger of them.
//! 4. Each is `Unpin` if the futures in it are, and only then. A function may be moved.
//! 5. Whatever is pinned stays where it is, and is dropped there. Nothing is allocated.
//! 6. No unsafe code: it does not compile in this module.
//!
//! Read first: README.md, "Projection without unsafe". Do `projection` before this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise pin_projected`. Stuck: `cargo xtask hint pin_projected`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project::pin_project;
use reactor::Sleep;

use crate::TimedOut;

/// Gives `future` as long as `duration`, counted from this call.
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F, Sleep> {
    Timeout::new(future, Sleep::new(duration))
}

/// A future's output, or [`TimedOut`] if `over` was ready first.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Timeout<F, S> {
    // Which of them are pinned with the struct? Write `#[pin]` before those.
    future: F,
    over: S,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        todo!()
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("`self.project()` gives the fields")
    }
}

/// A future whose output goes through a function.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Map<F, G> {
    future: F,
    function: G,
}

impl<F: Future, G: FnOnce(F::Output) -> T, T> Map<F, G> {
    /// Calls `function` with the output of `future`, once it is there.
    pub fn new(future: F, function: G) -> Self {
        todo!()
    }
}

impl<F: Future, G: FnOnce(F::Output) -> T, T> Future for Map<F, G> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        todo!("a `FnOnce` is called by value: how do you get it out of a `&mut`?")
    }
}

/// A future, and then another that is made from its output.
///
/// The first is dropped before the second is polled, and the second lies where the first has lain.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Then<F, G, H> {
    // Room for one of two futures, and what makes the second.
    todo: PhantomData<(F, G, H)>,
}

impl<F: Future, G: FnOnce(F::Output) -> H, H: Future> Then<F, G, H> {
    /// `future`, and then what `make` makes of its output.
    pub fn new(future: F, make: G) -> Self {
        todo!()
    }
}

impl<F: Future, G: FnOnce(F::Output) -> H, H: Future> Future for Then<F, G, H> {
    type Output = H::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        todo!("poll what is there; when the first is ready, put the second into its place")
    }
}
