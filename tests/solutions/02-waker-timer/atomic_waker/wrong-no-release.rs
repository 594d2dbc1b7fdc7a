// expect: fail weak-ordering
//! Leaves its bit without Release (S2-13; of this class: tokio #7622): the task that finds the bit wakes
//! itself, looks, and need not see the event.

use std::fmt;
use std::mem;
use std::task::Waker;

use crate::sync::UnsafeCell;
use crate::sync::atomic::{AtomicUsize, Ordering};

const WAITING: usize = 0b00;
const REGISTERING: usize = 0b01;
const WAKING: usize = 0b10;

pub struct AtomicWaker {
    state: AtomicUsize,
    slot: UnsafeCell<Option<Waker>>,
}

// SAFETY: the slot is touched only by whoever has set a bit of the state when no bit was set.
unsafe impl Sync for AtomicWaker {}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: AtomicUsize::new(WAITING),
            slot: UnsafeCell::new(None),
        }
    }

    pub fn register(&self, waker: &Waker) {
        if self
            .state
            .compare_exchange(WAITING, REGISTERING, Ordering::SeqCst, Ordering::SeqCst)
            .is_err()
        {
            return waker.wake_by_ref();
        }
        let previous = self.swap(Some(waker.clone()));
        let missed = match self.state.compare_exchange(
            REGISTERING,
            WAITING,
            Ordering::SeqCst,
            Ordering::SeqCst,
        ) {
            Ok(_) => None,
            Err(_) => {
                let missed = self.swap(None);
                self.state.swap(WAITING, Ordering::SeqCst);
                missed
            }
        };
        drop(previous);
        if let Some(waker) = missed {
            waker.wake();
        }
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        if self.state.fetch_or(WAKING, Ordering::Acquire) != WAITING {
            return None;
        }
        let waker = self.swap(None);
        self.state.fetch_and(!WAKING, Ordering::SeqCst);
        waker
    }

    /// Only for who owns the slot.
    fn swap(&self, waker: Option<Waker>) -> Option<Waker> {
        self.slot.with_mut(|slot| {
            // SAFETY: the caller owns the slot.
            mem::replace(unsafe { &mut *slot }, waker)
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
