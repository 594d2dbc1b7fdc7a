// expect: fail data-race
//! Touches the slot from two threads, with nothing that keeps them apart (S2-13 class).

use std::fmt;
use std::task::Waker;

use crate::sync::UnsafeCell;

pub struct AtomicWaker {
    slot: UnsafeCell<Option<Waker>>,
}

// SAFETY: an `Option` is replaced in no time.
unsafe impl Sync for AtomicWaker {}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            slot: UnsafeCell::new(None),
        }
    }

    pub fn register(&self, waker: &Waker) {
        // SAFETY: see above.
        self.slot
            .with_mut(|slot| unsafe { *slot = Some(waker.clone()) });
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        // SAFETY: see above.
        self.slot.with_mut(|slot| unsafe { (*slot).take() })
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
