// expect: fail lost-wakeup
//! Takes the waker out first, and then notes that none is there: in between the task has registered
//! again (S2-24 class).

use std::fmt;
use std::task::Waker;

use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
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
        self.registered.store(true, SeqCst);
        drop(previous);
    }

    pub fn wake(&self) {
        if !self.registered.load(SeqCst) {
            return;
        }
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        let waker = self.lock().take();
        self.registered.store(false, SeqCst);
        waker
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
