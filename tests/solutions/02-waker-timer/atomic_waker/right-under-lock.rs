// expect: pass with advice wakes-under-lock
//! Wakes before it releases the lock: right, as long as no waker comes back here.

use std::fmt;
use std::task::Waker;

use crate::sync::{Mutex, MutexGuard, PoisonError};

pub struct AtomicWaker {
    waker: Mutex<Option<Waker>>,
}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            waker: Mutex::new(None),
        }
    }

    pub fn register(&self, waker: &Waker) {
        *self.lock() = Some(waker.clone());
    }

    pub fn wake(&self) {
        let mut slot = self.lock();
        if let Some(waker) = slot.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        self.lock().take()
    }
}

impl AtomicWaker {
    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
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
