// expect: pass
//! Uses the layer's own `lock`.

use std::fmt;
use std::task::Waker;

use crate::lock::lock;
use crate::sync::Mutex;

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
        let mut current = lock(&self.waker);
        match &mut *current {
            Some(current) => current.clone_from(waker),
            None => *current = Some(waker.clone()),
        }
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        lock(&self.waker).take()
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
