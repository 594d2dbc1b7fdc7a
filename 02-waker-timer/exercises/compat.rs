//! # Compat: the futures of stage 01 on today's executors
//!
//! A `SimpleFuture` calls a plain `fn()`, a task has a `Waker`. Write the bridge between the two: a
//! `Compat` is a future of std around a `SimpleFuture`. The `fn()` can hold nothing, so it can reach the
//! waker in a `static` only, and must find the right one there, or at least not miss it.
//!
//! What is checked:
//!
//! 1. `new` polls nothing. A poll polls the inner future and gives its answer on, Pending or Ready.
//! 2. When the inner future calls its wake, the task that polled the `Compat` last is woken: from whichever
//!    thread the call comes, and also if it comes within the poll, before the inner future has answered.
//! 3. Any number can wait at once. The wake of each reaches its own task, while a thousand others wait.
//! 4. Nobody is woken while nothing happens.
//! 5. A `Compat` is `Unpin` if its future is: it may be moved between two polls.
//! 6. A `Compat` that is dropped keeps no clone of a waker behind, and a wake that comes late does nothing.
//!
//! Settled: a wake may wake other tasks that wait in a `Compat` too, since a `fn()` cannot know who is meant;
//! a wake under a lock passes with a remark; polled after Ready, a `Compat` may do anything.
//!
//! Read first: README.md, "The bridge". Do `delay` before this. About 35 minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise compat`. Stuck: `cargo xtask hint compat`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

/// Lets a [`SimpleFuture`] run on any executor.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Compat<F> {
    /// The future of stage 01.
    inner: F,
    // More fields? Its waker has to be found again, among those of all others.
}

impl<F> Compat<F> {
    /// `inner` as a future of std. Nothing is polled yet.
    pub fn new(inner: F) -> Self {
        todo!("keep the future")
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        todo!("see to it that `wake` finds this poll's waker; poll `self.inner` with it")
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        // Nobody will poll again. What has been left where `wake` finds it?
    }
}

// What the function below can reach: a `static`, and nothing else.

/// What the inner future is polled with.
fn wake() {
    todo!("wake who waits")
}
