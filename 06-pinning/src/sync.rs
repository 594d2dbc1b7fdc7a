//! The seam between a primitive and the threads that share it, as in the stages before.
//!
//! `intrusive_notify.rs` takes its lock from here, so that a test can build it on another of the same
//! name.

pub use std::sync::{Arc, LockResult, Mutex, MutexGuard, PoisonError};
