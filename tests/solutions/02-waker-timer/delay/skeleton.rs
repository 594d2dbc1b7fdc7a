//! # Delay: one wait, however often it is polled
//!
//! A `Delay` is over at a given time. The naive ways are in `src/`: one wakes itself until then
//! (`delay_self_waking.rs`), one starts a thread with every poll (`delay_thread_per_poll.rs`). Write the
//! third one: a single wait, and a place in which each poll leaves the waker of its own task.
//!
//! What is checked:
//!
//! 1. The clock decides: Pending at every poll before the time, and Ready at the first poll from
//!    then on, whether somebody was woken or not. The time is fixed in `new` and `until`. `Duration::MAX`
//!    never comes and does not panic.
//! 2. When the time comes, the task that polled last is woken. Nobody is woken while nothing happens.
//! 3. There is one wait: however often the delay is polled, it asks `clock::ring_after` once at most.
//! 4. No gap: if the time comes in the middle of a poll, that poll answers Ready, or its task is woken.
//! 5. Who is woken and polls at once, on another thread, finds the delay over.
//! 6. A delay that is dropped before its time keeps no clone of a waker behind.
//! 7. Time is told and waited for through `crate::clock` alone.
//!
//! Settled: the wait may begin in `new` or at the first poll; how late a delay is does not count; a wake
//! under a lock passes with a remark; polled after Ready, the delay may do anything.
//!
//! Read first: README.md, "A delay in three steps" and "Register, then check again". Do `timer` before
//! this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise delay`. Stuck: `cargo xtask hint delay`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;

/// A future that is ready at a given time.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Delay {
    /// When the delay is over. `None` is later than the clock can say: never.
    when: Option<Instant>,
    // More fields? Whoever waits for the time has to find the waker of the latest poll.
}

impl Delay {
    /// A delay that is over `duration` from now. [`Duration::MAX`] never is.
    pub fn new(duration: Duration) -> Self {
        todo!("fix the time; `Instant + Duration` panics where it gets too late")
    }

    /// A delay that is over at `when`. If that is past, it is ready at the first poll.
    pub fn until(when: Instant) -> Self {
        todo!("fix the time")
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("ask the clock; see to it that this poll's task is woken, and no moment is left out")
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        // The wait cannot be called off. What must it not keep?
    }
}
