//! # A channel: many values, and back-pressure
//!
//! Many senders, one receiver, and room for so many values. Who finds no room waits: so a fast producer goes at the
//! pace of a slow consumer, and memory has a limit. The hard part is not the queue of values but the *places*: each
//! one is free, or taken by a value, or on its way to a sender that was woken for it. None may get lost, whoever is
//! dropped, and whenever.
//!
//! What is checked:
//!
//! 1. What was sent arrives, in its sender's order. A channel takes as many values as it has room for, and no more:
//!    after that `send` waits, and `try_send` gives the value back. The room is a limit and not a reservation (it may
//!    be `usize::MAX`: that is what `unbounded()` is).
//! 2. Who waits wakes nobody. An event wakes the waker of the latest poll: a value that of the receiver, a
//!    place that of a sender. For each place that becomes free another one who waits is woken, also if the one before
//!    has not come for his yet.
//! 3. A `send` that is dropped has sent nothing, and its waker and its value are gone. If it was woken, its place
//!    goes on: to the next who waits, or it is free. The room never shrinks.
//! 4. When the last sender is gone, the receiver gets what is left, and then `None`, as often as it asks. When the
//!    receiver is gone or has called `close`, all who wait to send are woken, and get their values back. What was in
//!    the channel of a receiver that is gone is dropped at once.
//! 5. `stop_waiting` leaves no waker of the receiver behind: `recv` calls it when it is dropped in the middle.
//! 6. No gap: what happens in the middle of a poll, of a `send` or of a drop is found, or wakes. Who is woken and
//!    polls at once, on another thread, finds what he was woken for.
//!
//! Settled: which of several waiting senders is woken first is not checked, nor whether a newcomer may take the place
//! of one that was woken. To wake all of them for one place passes with a remark; so does waking or dropping something
//! under the lock. Polled after `Ready`, a future may do anything. Take `Arc` and `Mutex` from `crate::sync`: the check
//! puts its own there, to come exactly between two locks. `crate::wait_queue::WaitQueue` and `crate::Semaphore` are
//! yours to use; read `src/wait_queue.rs` in any case. `recv()` and the `Stream` are there already:
//! `src/mpsc_receive.rs`.
//!
//! Read first: README.md, "Many values, and back-pressure". Do `oneshot` before this. About 45 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise mpsc`. Stuck: `cargo xtask hint mpsc`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;
use crate::{SendError, TrySendError};

/// A channel with room for so many values.
///
/// # Panics
///
/// Panics if `capacity` is 0: who sends would wait for room that there never is.
#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    todo!()
}

struct State<T> {
    /// What was sent and not received, the oldest first.
    queue: VecDeque<T>,
    // How much room is left? Who waits, on either side? Who is still there?
}

/// Sends values. Clone it for more senders.
pub struct Sender<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    /// Sends a value, and waits for room if there is none. (An `async fn` will do as well.)
    ///
    /// # Errors
    ///
    /// Gives the value back if nobody receives any more.
    pub fn send(&self, value: T) -> Send<'_, T> {
        todo!("nothing is sent before the first poll")
    }

    /// Sends a value if there is room now.
    ///
    /// # Errors
    ///
    /// Gives the value back if there is no room, or nobody receives any more.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        todo!()
    }
}

/// Made by [`Sender::send`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Send<'a, T> {
    sender: &'a Sender<T>,
    // What is to be sent, and how far has it come?
}

// The value is moved, never pinned.
impl<T> Unpin for Send<'_, T> {}

impl<T> Future for Send<'_, T> {
    type Output = Result<(), SendError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("sent, or sent away, or Pending with a waker in the channel")
    }
}

impl<T> Drop for Send<'_, T> {
    fn drop(&mut self) {
        // Still waiting? Woken for a place, and not come for it?
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        todo!("one more")
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // One less. And if it was the last one?
    }
}

/// Receives what is sent: see [`recv`](Self::recv). It is a [`Stream`](futures::Stream) too.
pub struct Receiver<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Receiver<T> {
    /// The next value; `None` when everything has been received, and no more will come.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        todo!("a value, and its place is free; or the end; or Pending")
    }

    /// Nobody waits for a value (any more).
    pub(crate) fn stop_waiting(&mut self) {
        todo!()
    }

    /// Takes nothing more, and sends those away who wait to send. What was sent can still be received.
    pub fn close(&mut self) {
        todo!()
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // Who has to learn that? And what has to go?
    }
}
