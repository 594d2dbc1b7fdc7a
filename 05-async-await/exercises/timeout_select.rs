//! # Timeout and select: one deadline for many turns
//!
//! A loop that waits for several things is where most of a program's waiting is done, and where most goes wrong. A
//! deadline that begins anew with each turn is none. A branch that has ended is polled once more, and panics. A branch
//! that always has something keeps the others, and the deadline, waiting for ever.
//!
//! Write the loop once: it does some work, gives a function what a stream brings meanwhile, and comes to an end in
//! time.
//!
//! What is checked:
//!
//! 1. From the first poll on, the work and the stream go on side by side. What the stream brings is given to `hear` as it
//!    comes, in its order. Each of the two can wake the task: the one that polled last.
//! 2. When both have ended, it is `Ok` with what the work gave; not before, whichever ends first.
//! 3. What has ended is not polled again.
//! 4. When the time is up before that, the task is woken, and it is an error, with what the work gave if it was done.
//!    There is *one* deadline, however often something happens meanwhile.
//! 5. A stream that always has something keeps nobody waiting: at most a hundred values later the work is polled that
//!    can go on, and the deadline seen that has passed.
//! 6. Nothing is lost: a value that was taken is given to `hear`, also when the time is up; the others stay in the stream.
//!    The work goes on where it was, and is dropped at the end and not before.
//! 7. While nothing happens, nobody is woken. However many turns there are, there is one timer at a time; and
//!    when it is over, or dropped, neither timer nor waker is left behind.
//!
//! Settled: the time runs from the first poll. What comes in the same poll as the deadline may be in time or too late. Which
//! of work and stream is polled first is up to you. To take thousands of values in one poll passes with a remark:
//! other tasks wait meanwhile. Time is that of the runtime: `reactor::sleep`, `reactor::timeout`.
//!
//! Read first: README.md, "The first of two". About 35 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise timeout_select`. Stuck: `cargo xtask hint timeout_select`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables, unused_imports, unused_mut)]

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use executor::yield_now;
use futures::Stream;
use reactor::sleep;

use crate::{Either, next, select};

/// The time was up before work and stream had ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeUp<T> {
    /// What the work gave, if it was done.
    pub output: Option<T>,
}

/// Does `work`, and gives `hear` what the stream brings meanwhile, until both have ended, but not longer than
/// `limit`.
///
/// # Errors
///
/// [`TimeUp`] if the time was up before that. Then the stream has lost nothing, and the work is dropped.
///
/// # Panics
///
/// Panics outside a runtime with timers.
pub async fn work_and_listen<F, S>(
    limit: Duration,
    work: F,
    stream: &mut S,
    mut hear: impl FnMut(S::Item),
) -> Result<F::Output, TimeUp<F::Output>>
where
    F: Future,
    S: Stream + Unpin,
{
    todo!("before the loop: what is one for all turns; in it: whichever of the three comes first")
}
