//! # Notify: one task waits until another says "now"
//!
//! Two tasks that share a `Notify` need no clock and no loop: one awaits `notified()`, the other calls
//! `notify_one()`. Everything that is hard about waiting is in here once: who comes first, who has left,
//! and what becomes of a notification that meets nobody.
//!
//! What is checked:
//!
//! 1. A waiter is `Pending` until it is notified, however often it is polled, and wakes nobody itself.
//!    The waker of its latest poll is woken.
//! 2. A notification that nobody waits for is stored as a permit: the next to be polled takes it, and is
//!    `Ready`. There is one permit at most. A waiter that has been notified waits no more, even if it
//!    has not been polled since.
//! 3. Each waiter has a place of its own, from its first poll on. One notification wakes and serves the
//!    waiter that came first, and no other; being polled again changes no place; nobody who comes later
//!    takes what another was given.
//! 4. A waiter that is dropped leaves the queue, and its waker with it.
//! 5. One that is dropped after it was notified and before it was `Ready` passes the notification on: to
//!    the next who waits, else back as the permit. One that was `Ready` has nothing to pass on.
//! 6. A notification in the middle of a poll is not missed, and who is woken may poll at once, on
//!    another thread.
//!
//! Settled: the order is first come, first served. Polled after `Ready`, a waiter may do anything.
//! Waking under the lock passes, with a remark. Take `Arc`, `Mutex` and `MutexGuard` from `crate::sync`: they
//! are those of std, but the check puts a mutex of its own there, and notifies exactly between two locks.
//! A mutex straight from `std::sync` passes, with a remark.
//!
//! Read first: README.md, "One permit" and "Dropping is cancelling". Do `timer` before this. About 50
//! minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise notify`. Stuck: `cargo xtask hint notify`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables, unused_imports)]

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::Mutex;

/// Notifies one waiting task at a time.
#[derive(Debug, Default)]
pub struct Notify {
    // What is shared, behind a lock: is a permit stored, and who waits?
}

impl Notify {
    /// Nobody waits, and no permit is stored.
    #[must_use]
    pub fn new() -> Self {
        todo!("no permit, an empty queue")
    }

    /// Notifies the task that has waited longest, or stores a permit if none waits.
    pub fn notify_one(&self) {
        todo!("the first of the queue out of it, and woken; or the permit")
    }

    /// A future that is ready when it has been notified.
    ///
    /// It takes its place in the queue, or the permit, at its *first poll*.
    pub fn notified(&self) -> Notified<'_> {
        todo!("a Notified that has not been polled yet")
    }
}

/// Made by [`Notify::notified`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    // How does it find its place in the queue again, or find out that it has none any more?
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("new: the permit, or a place; waiting: notified, or the latest waker")
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        todo!("leave the queue; or pass on what was not used")
    }
}
