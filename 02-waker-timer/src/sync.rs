//! The seam between a primitive and the threads that share it.
//!
//! `atomic_waker.rs` takes everything that threads share from here, and `timer.rs` and `notify.rs`
//! their locks. In the program these are the types of std. A test builds the same file on other
//! types of the same names: on those of the model checker [loom](https://docs.rs/loom), which tries
//! every order of every step, or on a mutex that lets something happen between two locks. What goes
//! around this module, the test does not see.

pub use std::sync::{Arc, LockResult, Mutex, MutexGuard, PoisonError};

/// Integers and flags that threads share without a lock.
pub mod atomic {
    pub use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering, fence};
}

/// What to do while another thread finishes its step.
pub mod hint {
    pub use std::hint::spin_loop;
}

/// A cell that threads may share when something else keeps them apart.
///
/// It is [`std::cell::UnsafeCell`] with the access shaped as loom's is: the pointer is lent to a
/// closure, so that the model knows when an access begins and when it ends, and two at once are
/// reported.
///
/// ```
/// use waker_timer::sync::UnsafeCell;
///
/// let cell = UnsafeCell::new(1);
/// // SAFETY: only this thread knows the cell, and the pointer does not leave the closure.
/// cell.with_mut(|number| unsafe { *number += 1 });
/// assert_eq!(cell.into_inner(), 2);
/// ```
#[derive(Debug, Default)]
pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    /// A cell with `value` in it.
    pub fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    /// Lends a pointer to the value, for reading. Nobody may write to the value meanwhile.
    pub fn with<R>(&self, access: impl FnOnce(*const T) -> R) -> R {
        access(self.0.get().cast_const())
    }

    /// Lends a pointer to the value, for reading and writing. Nobody else may touch the value
    /// meanwhile.
    pub fn with_mut<R>(&self, access: impl FnOnce(*mut T) -> R) -> R {
        access(self.0.get())
    }

    /// The value, and the end of the cell.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}
