// expect: fail deadlock
//! One lock for the waker and one for whether it is there, taken in this order by the one side and in
//! the other by the other.

use std::fmt;
use std::task::Waker;

use crate::sync::{Mutex, MutexGuard, PoisonError};
use std::mem;

pub struct AtomicWaker {
    waker: Mutex<Option<Waker>>,
    registered: Mutex<bool>,
}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            waker: Mutex::new(None),
            registered: Mutex::new(false),
        }
    }

    pub fn register(&self, waker: &Waker) {
        let mut current = self.lock();
        let mut registered = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *registered = true;
        *current = Some(waker.clone());
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        let mut registered = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !mem::take(&mut *registered) {
            return None;
        }
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
