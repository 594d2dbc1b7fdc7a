//! # A oneshot: one value, once
//!
//! One task makes a value, and another waits for it. It is the join handle of stage 03 with a name of its own: a
//! request goes to some task, and with it the [`Sender`] for the answer. What is new is that *both* sides may go
//! away early, and that both may want to know it.
//!
//! What is checked:
//!
//! 1. The [`Receiver`] is Pending until the value is there, and wakes nobody. Then it is `Ok(value)`, also if the
//!    value was there before the first poll, and although the sender is gone by then.
//! 2. A sender that goes without sending is an answer too: [`Closed`].
//! 3. Both wake the waker of the receiver's latest poll.
//! 4. A value for which there is no receiver comes back from `send`.
//! 5. `closed` is Pending until the receiver is gone. That wakes the waker of its latest poll. Each side
//!    has a waker of its own.
//! 6. A future that is dropped in the middle keeps nothing: its waker goes at once. Whoever gave up waiting for
//!    `closed` can still send.
//! 7. No gap: what happens in the middle of a poll is in its answer, or its waker is woken. Who is woken and polls at
//!    once, on another thread, finds what he was woken for.
//! 8. A poll in the middle of `send` finds the value or waits for it: it is never told that there will be none.
//!
//! Settled: polled after `Ready`, a future may do anything. To wake or to drop a waker under the lock passes
//! with a remark. Take `Arc` and `Mutex` from `crate::sync`: the check puts its own there, to come exactly between
//! two locks. The types of the crates that you depend on (`waker_timer::AtomicWaker`, say) are yours to use.
//!
//! Read first: README.md, "One value, once". About 30 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise oneshot`. Stuck: `cargo xtask hint oneshot`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// A channel for one value.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    todo!()
}

struct State<T> {
    /// What was sent and not received.
    value: Option<T>,
    // What does each side have to know of the other, and who waits?
}

/// Sends the one value, or none.
pub struct Sender<T> {
    shared: Arc<Mutex<State<T>>>,
}

/// A future of the value.
#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    shared: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    /// Sends the value.
    ///
    /// # Errors
    ///
    /// Gives the value back if the receiver is gone. (It may also go right after this, and the value is
    /// dropped with it.)
    pub fn send(self, value: T) -> Result<(), T> {
        todo!("`self` is dropped at the end of this: see below")
    }

    /// Waits until the receiver is gone: raced with the work, it says when to stop.
    pub fn closed(&mut self) -> Gone<'_, T> {
        Gone { sender: self }
    }
}

/// Made by [`Sender::closed`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Gone<'a, T> {
    sender: &'a mut Sender<T>,
}

impl<T> Future for Gone<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("Ready if the receiver is gone; else leave a waker for its drop")
    }
}

impl<T> Drop for Gone<'_, T> {
    fn drop(&mut self) {
        // Nobody waits for the receiver's end any more. What has to go?
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // It has sent, or never will. Who has to learn that?
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("the value, or `Closed`; else leave the waker")
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // Nobody receives any more. Who has to learn that, and what has to go?
    }
}

/// The sender went without sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender went without sending")
    }
}

impl error::Error for Closed {}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
