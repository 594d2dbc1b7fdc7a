//! # AtomicWaker: one task registers, any thread wakes
//!
//! A reactor's thread sees that a socket is readable, and has to wake the task that waits for it. That
//! task may be registering its waker at the very same moment. Write the place where the two meet.
//!
//! What is checked:
//!
//! 1. `wake` wakes the waker that was registered last, and `take` gives it out instead. Registering
//!    wakes nobody as long as no wake comes.
//! 2. A waker is given out once. One that was replaced, woken, or left in a dropped `AtomicWaker` is
//!    not kept.
//! 3. Everything that threads share comes from `crate::sync`, so that a model checker can stand behind
//!    it.
//! 4. In every order of their steps: if the task registers and *then* looks for its event, and the source
//!    makes the event visible and *then* wakes, the task sees the event or its waker is woken.
//! 5. This holds while the task changes its waker, and while two threads wake at once.
//! 6. The event may be a flag that is written and read with `Relaxed`: a `register` that comes after a
//!    `wake` also sees what was written before that wake.
//! 7. Two tasks that register at once break the contract, but not memory: `register` is a safe function.
//!
//! Settled: a `Mutex` is a right answer; so is the protocol without a lock, and any other that keeps the
//! contract. A wake too many is harmless if a wake was under way. Waking under a lock passes, with a
//! remark.
//!
//! Read first: README.md, "Register against wake". Do `timer` and `raw_waker` before this. About 30
//! minutes with a lock, 90 without.
//!
//! Check: `cargo xtask check-stage 2 --exercise atomic_waker`. Stuck: `cargo xtask hint atomic_waker`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables, unused_imports)]

use std::fmt;
use std::task::Waker;

// Among others there are `Mutex`, `UnsafeCell`, `atomic::AtomicUsize` and `hint::spin_loop`. With a
// bare `UnsafeCell` you also have to promise that threads may share it: `unsafe impl Sync`.
use crate::sync;

/// Keeps the waker of one task, for any number of threads that want to wake it.
pub struct AtomicWaker {
    // A waker that may be there or not, and something that keeps the threads apart.
}

impl AtomicWaker {
    /// A place with no waker in it.
    #[must_use]
    pub fn new() -> Self {
        todo!("an empty place")
    }

    /// Keeps a clone of `waker`, in the place of an earlier one. Look for the event after this, not
    /// before.
    pub fn register(&self, waker: &Waker) {
        todo!("put a clone into the place; if a wake is under way, see to it that nobody misses it")
    }

    /// Wakes the task that registered last, unless that has been done. Make the event visible
    /// before this.
    pub fn wake(&self) {
        todo!("take the waker out, and wake it")
    }

    /// Takes the waker out, to be woken later: after a lock is released, say.
    pub fn take(&self) -> Option<Waker> {
        todo!("leave the place empty")
    }
}

impl Default for AtomicWaker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for AtomicWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicWaker").finish_non_exhaustive()
    }
}
