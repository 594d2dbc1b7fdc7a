//! The seam between an executor and the threads that share it.
//!
//! A test builds the same files on other types of the same names: those of the model checker
//! [loom](https://docs.rs/loom), for one. What goes around this module, the test does not see.

pub use std::sync::{Arc, Condvar, LockResult, Mutex, MutexGuard, PoisonError};

/// The cell of stage 02: its pointer is lent to a closure.
pub use waker_timer::sync::UnsafeCell;

/// Integers and flags that threads share without a lock.
pub mod atomic {
    pub use std::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicUsize, Ordering, fence,
    };
}
