//! # yield_now: let the others have a turn
//!
//! An executor cannot interrupt a task: it gets its thread back when `poll` returns, and not before. A task
//! that computes for long has to let go by itself now and then. It awaits a future that waits for nothing
//! but that.
//!
//! What is checked:
//!
//! 1. The first poll is `Pending`, and has woken the task when it returns: nobody else will.
//! 2. A later poll is `Ready`: the second, if you do nothing more than needed.
//! 3. A poll that is `Pending` wakes the waker that *it* was given.
//! 4. Each `yield_now()` is one of its own: it does nothing before its first poll, and knows nothing of
//!    the others.
//! 5. Nothing is left behind when it is dropped.
//! 6. On an executor, two tasks that yield alternate, and a third has its turn.
//!
//! Settled: more than one `Pending`, each with a wake, is fine, and so are several wakes. Polled after `Ready`,
//! it may do anything.
//!
//! Read first: README.md, "Let the others run". About 10 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise yield_now`. Stuck: `cargo xtask hint yield_now`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::pin::Pin;
use std::task::{Context, Poll};

/// Gives the other tasks a turn: pending once, with a wake at once.
pub fn yield_now() -> YieldNow {
    todo!("a future that has not yielded yet")
}

/// Made by [`yield_now`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct YieldNow {
    // What does the second poll have to know about the first?
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("Pending once, with a wake; then Ready")
    }
}
