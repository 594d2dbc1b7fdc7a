//! # block_on: a loop that sleeps
//!
//! Somebody has to poll the outermost future, and has nothing else to do while it waits. `block_on` polls
//! it on this thread, and sleeps until the waker is woken. A `Parker` is the bed that it sleeps in: the
//! executors of the next chapters' exercises use the same one.
//!
//! What is checked:
//!
//! 1. `block_on` polls, gives back what the future answers, and never polls again after that. The future
//!    need not be `Send`, and may borrow.
//! 2. It polls when it was woken, and sleeps otherwise: it neither polls nor looks again and again.
//! 3. No wake is lost: not one that comes during the poll, from this thread or another, and not one
//!    that comes between the poll and the sleep.
//! 4. Nor one whose park token was used up: a future may park its thread for reasons of its own, and
//!    anybody may unpark it. A bare `std::thread::park` will not do.
//! 5. `Parker::park` returns when the waker was woken, and for no other reason. It returns at once if
//!    that was before.
//! 6. A parker may be made on one thread, and parked on by another. Two threads that block do not
//!    disturb each other.
//! 7. `block_on` inside an executor on the same thread panics, with words that say why, and so does
//!    an executor inside `block_on`. [`enter`](crate::enter::enter) does that: call it first, and keep
//!    what it gives you.
//! 8. A panic of the future goes through to the caller, and the thread can block again after it.
//! 9. A waker may be woken at any time: also when `block_on` has returned, or its thread is gone.
//!
//! Settled: how the thread sleeps is free (a `Condvar`, a channel, `park` with a flag beside it). One poll
//! more than needed is fine, and so is looking a few times before you sleep. Several wakes before one `park` are
//! one wake; a parker that remembers each of them passes with a remark. Take `Mutex` and `Condvar` from
//! `crate::sync`: they are those of std, but the check puts its own there, and wakes exactly between the look and
//! the sleep. Those straight from `std::sync` pass, with a remark.
//!
//! Read first: README.md, "A loop that sleeps". About 30 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise block_on`. Stuck: `cargo xtask hint block_on`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
use crate::sync::{Condvar, Mutex};

/// Runs a future to its end on this thread, which sleeps whenever the future waits.
///
/// # Panics
///
/// If the thread is inside an executor already, and when the future panics.
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!("enter; poll; while it is Pending, park and poll again")
}

/// Puts a thread to sleep until its waker is woken.
///
/// One thread at a time may park. It need not be the thread that made the parker.
pub struct Parker {
    /// What the sleeper and its wakers have in common.
    shared: Arc<Shared>,
}

struct Shared {
    // What does a wake leave here, so that it is found also by whoever goes to sleep after it?
}

impl Parker {
    /// A parker that nobody has woken.
    #[must_use]
    pub fn new() -> Self {
        todo!()
    }

    /// Sleeps until the waker is woken. Returns at once if it was woken since the last `park`.
    pub fn park(&self) {
        todo!("sleep until there has been a wake, and forget it")
    }

    /// Wakes the thread that parks here, from any thread.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        todo!("leave the wake where `park` looks, and end its sleep")
    }
}

impl Default for Parker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Parker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parker").finish_non_exhaustive()
    }
}
