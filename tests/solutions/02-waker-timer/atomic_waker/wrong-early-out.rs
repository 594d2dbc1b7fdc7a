// expect: fail weak-ordering
//! Looks at a flag, to save the lock when nobody waits, and orders the flag with nothing (S2-24;
//! event-listener 85e3474: loom found it).

use std::fmt;
use std::task::Waker;

use crate::sync::atomic::{AtomicBool, Ordering::Relaxed};
use crate::sync::{Mutex, MutexGuard, PoisonError};

pub struct AtomicWaker {
    waker: Mutex<Option<Waker>>,
    registered: AtomicBool,
}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            waker: Mutex::new(None),
            registered: AtomicBool::new(false),
        }
    }

    pub fn register(&self, waker: &Waker) {
        let previous = self.lock().replace(waker.clone());
        self.registered.store(true, Relaxed);
        drop(previous);
    }

    pub fn wake(&self) {
        if !self.registered.load(Relaxed) {
            return;
        }
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        self.registered.store(false, Relaxed);
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
