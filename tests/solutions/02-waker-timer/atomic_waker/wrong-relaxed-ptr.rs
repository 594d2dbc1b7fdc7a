// expect: fail weak-ordering
//! The pointer to a boxed waker, exchanged with Relaxed (S2-13; of this class: futures-rs #2608): the
//! task that registers after the wake need not see the event.

use std::fmt;
use std::ptr;
use std::task::Waker;

use crate::sync::atomic::{AtomicPtr, Ordering::Relaxed};

pub struct AtomicWaker {
    /// A waker in a box of its own, or null.
    slot: AtomicPtr<Waker>,
}

impl AtomicWaker {
    #[must_use]
    pub fn new() -> Self {
        Self {
            slot: AtomicPtr::new(ptr::null_mut()),
        }
    }

    pub fn register(&self, waker: &Waker) {
        drop(self.exchange(Box::into_raw(Box::new(waker.clone()))));
    }

    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    pub fn take(&self) -> Option<Waker> {
        self.exchange(ptr::null_mut())
    }

    fn exchange(&self, new: *mut Waker) -> Option<Waker> {
        let old = self.slot.swap(new, Relaxed);
        // SAFETY: what is in the slot is null or came from `Box::into_raw`, and the swap gave it to
        // us alone.
        (!old.is_null()).then(|| *unsafe { Box::from_raw(old) })
    }
}

impl Drop for AtomicWaker {
    fn drop(&mut self) {
        drop(self.take());
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
