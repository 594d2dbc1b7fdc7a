//! The seam between a loop and the threads that wake it.
//!
//! `wake_from_outside.rs` takes what threads share from here, as stage 02's files do from
//! [`waker_timer::sync`], so that a test can build it on the types of a model.

pub use waker_timer::sync::{Mutex, MutexGuard, PoisonError, atomic};
