// expect: pass
//! Remembers a wake that found nobody, and wakes the next who registers at once: one poll more, and
//! nothing lost.

use std::fmt;
use std::task::Waker;

use crate::sync::{Mutex, MutexGuard, PoisonError};

pub struct AtomicWaker {
    waker: Mutex<(Option<Waker>, bool)>,
}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            waker: Mutex::new((None, false)),
        }
    }

    pub fn register(&self, waker: &Waker) {
        let mut slot = self.lock();
        if std::mem::take(&mut slot.1) {
            drop(slot);
            return waker.wake_by_ref();
        }
        slot.0 = Some(waker.clone());
    }

    pub fn wake(&self) {
        let mut slot = self.lock();
        let waker = slot.0.take();
        slot.1 = waker.is_none();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        self.lock().0.take()
    }
}

impl AtomicWaker {
    fn lock(&self) -> MutexGuard<'_, (Option<Waker>, bool)> {
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
