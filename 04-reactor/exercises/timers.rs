//! # Timers: all times in one structure, and no thread
//!
//! The loop sleeps in one place, and that sleep can have a limit: the time of the earliest timer. So somebody has to
//! know which one that is, while timers come and go. And most of them go before their time: a time limit is
//! set, the work is done in time, and the limit is cancelled. Write `Timers`.
//!
//! What is checked:
//!
//! 1. [`fire`](Timers::fire) gives the wakers of all timers that are due, however many, the earliest first, and never one
//!    that is not due. It puts them behind what is in the list already.
//! 2. [`next_deadline`](Timers::next_deadline) is the time of the earliest timer, in whatever order they came. An
//!    earlier one that comes later is the next from then on.
//! 3. Any number of timers may have one time.
//! 4. Who sleeps until `next_deadline` and then calls `fire` with that time gets on: what is due exactly now is due. No time
//!    is looked at again and again, also if it is not a whole number of milliseconds.
//! 5. A time that is past is due at the next `fire`. One in a hundred years is no problem.
//! 6. [`remove`](Timers::remove) takes a timer out at once, and gives its waker back. It never fires, its place
//!    is free, and nobody gets up for it.
//! 7. [`set_waker`](Timers::set_waker) exchanges the waker, and gives the one before back.
//! 8. A timer that has fired is gone. Its key leads nowhere: not to another timer either, that has come since.
//! 9. No method wakes, clones or drops a waker. They are somebody else's code, and whoever owns a `Timers` holds a
//!    lock while it calls them.
//! 10. The sleeps of this crate run on it, on a clock of the test's and on the real one.
//!
//! Settled: timers of the same time fire in any order. A timer may fire up to 10 ms late, so you may count in
//! milliseconds, if you round up. A place that is freed later, when its time comes, passes with a remark; so does
//! a `next_deadline` at which nothing is due any more, and a method that clones or drops a waker. How fast it is, is not graded: a sorted map of std does
//! well, and so does a heap.
//!
//! Read first: README.md, "Timers without threads". About 35 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise timers`. Stuck: `cargo xtask hint timers`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::task::Waker;
use std::time::{Duration, Instant};

/// Timers, each with its time and the waker of the task that waits for it.
///
/// A plain data structure: whoever owns it locks it, gives it the time, and wakes.
pub struct Timers {
    // What gives the earliest timer, what finds the timer of a key, and are the two the same thing?
}

/// Names one timer of a [`Timers`]: also when it has fired, and when its place was given away.
#[derive(Debug)]
pub struct TimerKey {
    // What does no other timer have, and no later one either?
}

impl Timers {
    /// No timers. `now` is the first time that [`fire`](Self::fire) could be called with.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        todo!("nothing to wait for")
    }

    /// A timer that is due at `when`. One that is past is due at the next [`fire`](Self::fire).
    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        todo!("keep the waker where its time, and its key, find it")
    }

    /// Gives the timer another waker, and the one before back. If it has fired, `waker` comes back as
    /// the error. Both are the caller's to drop, when no lock is held any more.
    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        todo!("exchange it, if the timer is still there")
    }

    /// Takes a timer out, and gives its waker back. `None`: it has fired.
    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        todo!("this timer, and no other")
    }

    /// When [`fire`](Self::fire) is to be called next; `None` if there is no timer.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        todo!("the earliest")
    }

    /// Takes out the timers that are due at `now`, and appends their wakers, the earliest first.
    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        todo!("all that are due, and nothing else")
    }

    /// How many timers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        todo!("those that can still fire")
    }

    /// Whether there is no timer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").finish_non_exhaustive()
    }
}
