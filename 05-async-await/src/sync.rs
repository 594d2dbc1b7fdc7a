//! The seam between a primitive and the threads that share it, as in the stages before.
//!
//! The files of this stage take their locks, reference counts and atomics from here, so that a test can
//! build them on others of the same names.

pub use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic};
