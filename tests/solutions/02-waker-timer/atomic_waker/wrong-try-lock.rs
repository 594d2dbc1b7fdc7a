// expect: fail weak-ordering
//! Takes a lock that is held for a sign that there is nothing to do (S2-24 class): the task that holds it
//! looks for its event next, and nothing says that it sees it.

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
        let previous = self.lock().replace(waker.clone());
        drop(previous);
    }

    pub fn wake(&self) {
        let taken = self.waker.try_lock().ok().and_then(|mut slot| slot.take());
        if let Some(waker) = taken {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        self.waker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
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
