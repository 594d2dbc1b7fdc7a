//! # Join handle: what comes back
//!
//! A task ends on the executor's thread, and somebody else waits for its result. The task leaves it in a
//! [`JoinState`]; the handle finds it there, or leaves its waker. It is a channel for one value, with four
//! possible ends. Write both sides.
//!
//! What is checked:
//!
//! 1. The handle is Pending until `finish` is called, and wakes nobody. Then it is Ready with what `finish` was
//!    given: an output, a panic with its payload, or `Cancelled`. A result that was there first is found by the
//!    first poll.
//! 2. `finish` wakes the waker of the latest poll, whatever the result is.
//! 3. No gap: a result that comes in the middle of a poll is given by that poll, or its waker is woken. That holds
//!    also if [`Joinable::may_be_over`] has just said no: it says what was, not what is.
//! 4. Who is woken and polls at once, on another thread, finds the result. Who polls while `finish` is at work is
//!    not forgotten either.
//! 5. `is_finished` says whether the result is there, or has been given out.
//! 6. `abort` asks the task for its end, by [`Joinable::abort`], and does no more: the task ends by itself.
//! 7. A handle that is dropped lets its task go on, and keeps nothing: its waker goes at once.
//!
//! Settled: polled after `Ready`, a handle may do anything. The result of a task without a handle is dropped with
//! the task, or before. Wakers may be cloned under the lock; to wake or to drop one there passes with a remark.
//! Take `Mutex` and the atomics from `crate::sync`: the check puts its own there, to come exactly between two locks.
//!
//! Read first: README.md, "What comes back"; `src/joinable.rs` and `src/join_error.rs`. Do `task` before this.
//! About 30 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise join_handle`. Stuck: `cargo xtask hint join_handle`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::{JoinError, Joinable};

/// The place where a task leaves its result, and its handle finds it.
pub struct JoinState<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    result: Option<Result<T, JoinError>>,
    // What does each side need of the other besides?
}

impl<T> JoinState<T> {
    /// No result yet, and nobody who waits for one.
    #[must_use]
    pub fn new() -> Self {
        todo!()
    }

    /// Publishes the result, and wakes who waits for it. Called once, by the task.
    pub fn finish(&self, result: Result<T, JoinError>) {
        todo!("in which order?")
    }
}

/// A task's handle: a future of its result. Dropped, it lets the task go on.
pub struct JoinHandle<T> {
    /// The task, and in it the `JoinState`.
    task: Arc<dyn Joinable<T>>,
}

impl<T> JoinHandle<T> {
    /// The handle of this task. There is one of each task.
    #[must_use]
    pub fn new(task: Arc<dyn Joinable<T>>) -> Self {
        todo!()
    }

    /// Asks for the task's end. Its future is dropped where the executor runs, and the result is
    /// [`JoinError::Cancelled`], unless the task comes to its end by itself before that.
    pub fn abort(&self) {
        todo!("`Joinable::abort` takes an Arc")
    }

    /// Whether the result is there (or has been given out).
    #[must_use]
    pub fn is_finished(&self) -> bool {
        todo!()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("Ready if the result is there; else leave the waker for `finish`")
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        // The task goes on. What lies in its state that belongs to whoever waited here?
    }
}

impl<T> Default for JoinState<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for JoinState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinState").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}
