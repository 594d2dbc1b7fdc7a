// expect: fail weak-ordering
//! A lock of one bit that `wake` does not wait for (S2-24 class): the task that holds it looks for its
//! event next, and nothing says that it sees it.

use std::fmt;
use std::task::Waker;

use crate::sync::UnsafeCell;
use crate::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Relaxed, Release},
};
use crate::sync::hint::spin_loop;

pub struct AtomicWaker {
    locked: AtomicBool,
    slot: UnsafeCell<Option<Waker>>,
}

// SAFETY: the slot is touched only between `locked` being set and being cleared.
unsafe impl Sync for AtomicWaker {}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            locked: AtomicBool::new(false),
            slot: UnsafeCell::new(None),
        }
    }

    pub fn register(&self, waker: &Waker) {
        drop(self.exchange(Some(waker.clone())));
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        if self.locked.load(Relaxed) {
            return None;
        }
        self.exchange(None)
    }

    fn exchange(&self, waker: Option<Waker>) -> Option<Waker> {
        while self
            .locked
            .compare_exchange_weak(false, true, Acquire, Relaxed)
            .is_err()
        {
            spin_loop();
        }
        // SAFETY: we hold the lock.
        let old = self
            .slot
            .with_mut(|slot| std::mem::replace(unsafe { &mut *slot }, waker));
        self.locked.store(false, Release);
        old
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
