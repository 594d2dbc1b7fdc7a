//! # Intrusive notify: a list through the futures
//!
//! Stage 02's `Notify` keeps its waiters in a queue, which has to grow. Write one that allocates nothing: the place of each waiter
//! lies in its future, and the list goes from one future to the next. The future is pinned, so its place stays where it is; its
//! `Drop` takes the place out of the list. This is what pinning is for, and unsafe code is the subject.
//!
//! What is checked:
//!
//! 1. The rules of stage 02: a permit is stored if nobody waits, one at most; who has waited longest is served first, by the
//!    waker of its latest poll. A future takes its place at its first poll, and keeps it.
//! 2. `Notified` is not `Unpin`; it is `Send`, and `Notify` is `Sync`.
//! 3. Anybody may leave the list at any time, in any order: a future that was dropped is reached by nobody, and the others
//!    are served in their order. The `Notify` itself is not pinned: when nobody borrows it, it may be moved, also if a future that
//!    waits was leaked.
//! 4. One that was notified and is dropped before it goes on passes the notification on. One that has gone on does not.
//! 5. Waiting allocates nothing.
//! 6. In any order of the steps of two threads, no notification is lost (tried on the types of loom: take `Mutex` from
//!    `crate::sync`).
//!
//! What no run here can check: a data race, and a `&mut` to a node that the list points to. A cell of a node that is read without
//! the lock is such a race. Miri looks for both: `cargo +nightly miri test -p pinning --features my-intrusive-notify --test sound`.
//!
//! Settled: links in one direction or two, pointers or cells are yours. A waker that is cloned, woken or dropped under the lock
//! passes with a remark.
//!
//! Read first: README.md, "A list through the futures". Do `notify` (stage 02) and `drop_guarantee` before this. About 70 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise intrusive_notify`. Stuck: `cargo xtask hint intrusive_notify`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;

/// Notifies one waiting task at a time, by the rules of stage 02.
///
/// A notification that nobody waits for is stored as a permit, one at most. Who has waited longest is served first.
#[derive(Default)]
pub struct Notify {
    /// Never locked while a waker is cloned, woken or dropped: each of these may come back here.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether a notification came when nobody waited. Never set while somebody does.
    permit: bool,
    // Who waits: where does the list begin, and where does it end?
}

// SAFETY: pointers make it `!Send`, and a `Notify` is shared by threads. You promise: what they lead to is touched by whoever
// has the lock, and by nobody else, not even for a look.
unsafe impl Send for State {}

impl Notify {
    /// Nobody waits, and no permit is stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notifies the task that has waited longest, or stores a permit if none waits.
    pub fn notify_one(&self) {
        todo!("take the first out of the list, and wake it when the lock is released")
    }

    /// A future that is ready when it has been notified. It takes its place, or the permit, at its first poll.
    pub fn notified(&self) -> Notified<'_> {
        todo!("in no list yet: it is not pinned")
    }
}

/// Made by [`Notify::notified`].
///
/// If it is dropped after it was notified and before it could say so, the notification goes to the next waiter, or
/// is stored as the permit.
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    /// Where it waits.
    notify: &'a Notify,
    /// Its place in the list. Others point to it.
    node: Node,
    // How far has it come? And what keeps it from being moved?
}

// SAFETY: the same promise for the node.
unsafe impl Send for Notified<'_> {}
// SAFETY: nothing can be done with a `&Notified`.
unsafe impl Sync for Notified<'_> {}

/// One place in the list.
#[derive(Default)]
struct Node {
    // Its neighbours, the waker of the latest poll, and whether it is in the list.
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("under the lock: take the permit, or a place; or see that your place is gone")
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        // Nobody may find it after this. And what if it was notified?
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").finish_non_exhaustive()
    }
}

impl fmt::Debug for Notified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notified").finish_non_exhaustive()
    }
}
