//! `crate::sync` of the layer, on the types of loom: what goes through here, the model sees.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use std::sync::{LockResult, PoisonError};

pub use loom::sync::{Arc, Mutex, MutexGuard};
