//! A place for one waker that nobody ever waits for: one task registers, any thread wakes.
//!
//! The protocol is that of `AtomicWaker` in the `futures` and `atomic-waker` crates.
//!
//! # The contract
//!
//! The task registers its waker and looks for its event *after that*. The event source makes the
//! event visible and calls `wake` *after that*. Then, whatever the order of the four steps, either
//! the task sees the event or its waker is woken.
//!
//! # The protocol
//!
//! There is one slot, and a state of two bits that says who may touch it:
//!
//! | state | set by | who owns the slot |
//! |---|---|---|
//! | `WAITING` (no bit) | whoever is done with the slot | nobody; the next to set a bit will |
//! | `REGISTERING` | `register`, from `WAITING` only | the task that registers |
//! | `WAKING` | `take`, at any time | the thread that found `WAITING` when it set the bit |
//! | both | `take`, while a task registers | still the task that registers |
//!
//! So two sides can meet in three ways:
//!
//! - **`take` finds `REGISTERING`.** It cannot have the slot. It leaves its bit and goes. The task
//!   finds the bit when it wants to go back to `WAITING`: the wake was for it, so it takes the
//!   waker out again and wakes it.
//! - **`register` finds `WAKING`.** The waker on its way out may be an older one. The task cannot
//!   have the slot, so it wakes the new waker itself, and is polled again.
//! - **`take` finds `WAKING`.** Somebody else brings the wake, to the same waker. Nothing to do.
//!   The bit that it did not need to set is set by an atomic step all the same, for the sake of the
//!   orderings below.
//!
//! Two tasks that register at the same time break the contract (which of them should be woken?).
//! Even so, nothing is lost: the one that finds the other at work wakes its own waker, and so is
//! polled again.
//!
//! # The orderings
//!
//! The slot is handed over through the state: who lets go of it stores with `Release`, who gets it
//! loads with `Acquire`. The event is handed over the same way, although its `wake` may never touch
//! the slot: each change of the state is a read-modify-write, and these continue a release
//! sequence, so a `register` that reads any later state has synchronised with every `wake` before
//! it, and its task's next look sees the event.

use std::fmt;
use std::mem;
use std::task::Waker;

use crate::sync::UnsafeCell;
use crate::sync::atomic::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire},
};

const WAITING: usize = 0b00;
const REGISTERING: usize = 0b01;
const WAKING: usize = 0b10;

/// Keeps the waker of one task, for any number of threads that want to wake it, without a lock.
///
/// ```
/// use std::task::Waker;
/// use waker_timer::AtomicWaker;
///
/// let slot = AtomicWaker::new();
/// slot.register(Waker::noop());
/// slot.wake();
/// assert!(slot.take().is_none(), "a waker is woken once for each registration");
/// ```
pub struct AtomicWaker {
    /// Who owns the slot: see the protocol.
    state: AtomicUsize,
    /// The waker of the latest registration, until it is taken. Touched only by the owner.
    slot: UnsafeCell<Option<Waker>>,
}

// SAFETY: `slot` is reached through `&self` only in `swap_slot`, whose callers own the slot by the
// protocol: one at a time, and each sees what the one before it left there. What goes from thread
// to thread is a `Waker`, which is `Send`.
unsafe impl Sync for AtomicWaker {}

impl AtomicWaker {
    /// A place with no waker in it.
    ///
    /// It is no `const fn` because loom's atomics, on which this file is also built, have no such
    /// constructor.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: AtomicUsize::new(WAITING),
            slot: UnsafeCell::new(None),
        }
    }

    /// Keeps a clone of `waker`, in the place of an earlier one. Look for the event after this, not
    /// before.
    ///
    /// If a wake is under way at the same moment, `waker` is woken instead of kept.
    ///
    /// Meant for one task at a time. If two register at once, one is kept, and the other woken at
    /// once.
    pub fn register(&self, waker: &Waker) {
        // Cloned before the slot is owned: a clone that panics leaves nothing locked.
        let new = waker.clone();
        if (self.state)
            .compare_exchange(WAITING, REGISTERING, Acquire, Acquire)
            .is_err()
        {
            // A wake, or another task, has the slot. The task must look again.
            return new.wake();
        }
        // SAFETY: the state went from WAITING to REGISTERING by our hand.
        let previous = unsafe { self.swap_slot(Some(new)) };
        let missed = match (self.state).compare_exchange(REGISTERING, WAITING, AcqRel, Acquire) {
            Ok(_) => None,
            Err(_) => {
                // A wake came in between, found the slot taken, and relies on us.
                // SAFETY: REGISTERING is still set, and only we take it away.
                let missed = unsafe { self.swap_slot(None) };
                self.state.swap(WAITING, AcqRel);
                missed
            }
        };
        // The slot is free again before any waker's own code runs: it may come back here.
        drop(previous);
        if let Some(waker) = missed {
            waker.wake();
        }
    }

    /// Wakes the task that registered last, unless that has been done. Make the event visible
    /// before this.
    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    /// Takes the waker out, to be woken later: after a lock is released, say.
    ///
    /// `None` if there is none, and also if a task registers or another thread takes at the same
    /// moment. These then see to the wake.
    pub fn take(&self) -> Option<Waker> {
        if self.state.fetch_or(WAKING, AcqRel) != WAITING {
            return None;
        }
        // SAFETY: the state went from WAITING to WAKING by our hand.
        let waker = unsafe { self.swap_slot(None) };
        self.state.fetch_and(!WAKING, AcqRel);
        waker
    }

    /// Puts `waker` into the slot, and gives what was there.
    ///
    /// # Safety
    ///
    /// The caller owns the slot: it set REGISTERING or WAKING when the state was WAITING, and has
    /// not yet taken that bit away.
    unsafe fn swap_slot(&self, waker: Option<Waker>) -> Option<Waker> {
        self.slot.with_mut(|slot| {
            // SAFETY: the pointer is that of a live cell, and while the caller owns the slot nobody
            // else touches what is in it.
            let slot = unsafe { &mut *slot };
            mem::replace(slot, waker)
        })
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
