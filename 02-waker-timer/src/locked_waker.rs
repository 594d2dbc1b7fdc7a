//! A place for one waker behind a mutex: the naive version of `atomic_waker.rs`.
//!
//! It is right, and short, and no slower: `examples/waker_slots.rs` measures both. What it costs is
//! that whoever wakes must wait while the task registers. A thread that the system stops in the
//! middle of `register` stops everybody who wants to wake; a signal handler or an interrupt, which
//! must never wait, cannot use it at all.

use std::task::Waker;

use crate::sync::{Mutex, PoisonError};

/// Keeps the waker of one task, behind a lock.
///
/// Its methods are those of [`AtomicWaker`](crate::AtomicWaker).
///
/// ```
/// use std::task::Waker;
/// use waker_timer::LockedWaker;
///
/// let slot = LockedWaker::new();
/// slot.register(Waker::noop());
/// assert!(slot.take().is_some());
/// assert!(slot.take().is_none());
/// ```
#[derive(Debug)]
pub struct LockedWaker {
    /// The waker of the latest `register` that nobody has taken yet.
    waker: Mutex<Option<Waker>>,
}

impl LockedWaker {
    /// A place with no waker in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            waker: Mutex::new(None),
        }
    }

    /// Keeps a clone of `waker`, in the place of an earlier one.
    pub fn register(&self, waker: &Waker) {
        let previous = self.replace(Some(waker.clone()));
        drop(previous);
    }

    /// Wakes the task that registered last, unless that has been done.
    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    /// Takes the waker out, to be woken later.
    pub fn take(&self) -> Option<Waker> {
        self.replace(None)
    }

    /// No waker is cloned, woken or dropped under the lock: its code may come back here.
    fn replace(&self, waker: Option<Waker>) -> Option<Waker> {
        let mut current = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, waker)
    }
}

impl Default for LockedWaker {
    fn default() -> Self {
        Self::new()
    }
}
