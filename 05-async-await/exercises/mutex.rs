//! # Mutex: a lock that tasks wait for
//!
//! Who waits for the mutex of std stops the whole thread, and with it the task that would unlock. Here who waits
//! is a task: it leaves its waker, and is woken when its turn has come. The guard may be kept across an
//! `.await`, for as long as that takes.
//!
//! What is checked:
//!
//! 1. One at a time has the value. Who asks while another has it is `Pending`, and neither stops the thread
//!    nor wakes anybody, itself included. Dropping the guard wakes the task that is next: by the waker of its latest
//!    poll.
//! 2. First come, first served. The place is taken at the first poll, and being polled again does not change
//!    it. Nobody overtakes: not even between the wake of the one who is next and its poll. That holds for
//!    `try_lock` too.
//! 3. A wait that is dropped leaves the queue, and its waker with it. If the turn had come already, it
//!    passes the lock on: to the next who waits, or it is open. One that was `Ready` has nothing to pass on: its
//!    guard has the lock.
//! 4. An unlock in the middle of a poll is not missed, and who is woken may poll at once, on another thread.
//! 5. A task that panics while it has the guard unlocks as well. The value stays as it is.
//! 6. A guard may be kept by a task that moves between threads: if `T` is `Send`, so are the guard and the wait.
//!
//! Settled: no unsafe code is needed. The value can be *moved*: it lies in the lock while that is open, and the guard
//! owns it as long as it lives. What happens to a value whose guard is leaked is up to you. There is no
//! poisoning. Polled after `Ready`, a `Lock` may do anything. To wake all who wait, or to wake while your own lock
//! is held, passes with a remark. Take `Arc` and the `Mutex` for your own data from `crate::sync`: they are those
//! of std, but the check puts others there, and unlocks exactly between two locks.
//!
//! Those who wait may stand in a `crate::wait_queue::WaitQueue` (read it: it is the queue of stage 02's `Notify`),
//! or in a queue of your own. `Debug` is not yours to write: it is in `src/mutex_debug.rs`.
//!
//! Read first: README.md, "A lock that waits". Do `notify` of stage 02 before this. About 40 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise mutex`. Stuck: `cargo xtask hint mutex`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables, unused_imports)]

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync;
use crate::wait_queue::WaitQueue;

/// One value for one task at a time, in the order in which they ask.
pub struct Mutex<T> {
    /// Locked for a few instructions, by whoever asks, waits or unlocks.
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// Not here while somebody has it.
    value: Option<T>,
    // Who waits? And whose turn is it, between the wake and the poll?
}

impl<T> Mutex<T> {
    /// An open lock around `value`.
    pub fn new(value: T) -> Self {
        todo!("the value, and nobody waits")
    }

    /// Waits for the value. The one who has waited longest is next; nobody overtakes.
    pub fn lock(&self) -> Lock<'_, T> {
        todo!("a Lock that has not been polled yet")
    }

    /// The value, if nobody has it or waits for it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        todo!("the value out of the state, if it is free, into a guard")
    }
}

/// Made by [`Mutex::lock`].
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    // How far has it come?
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("new: the value, or a place; waiting: its turn, or the latest waker")
    }
}

impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        todo!("leave the queue; or pass on what was not taken")
    }
}

/// The value of a [`Mutex`]; dropping it unlocks.
#[must_use = "the lock is open again as soon as this is dropped"]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    /// The value itself. `None` only when it is dropped.
    value: Option<T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!("the value")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!("the value")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        todo!("the value back, and whose turn is it?")
    }
}
