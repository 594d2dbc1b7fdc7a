//! `crate::sync` of the layer, with the types of loom: what goes through here, the model sees.

#![allow(unused_imports, unreachable_pub)]

pub use loom::{
    cell::UnsafeCell,
    sync::{Arc, Mutex, MutexGuard},
};
pub use std::sync::{LockResult, PoisonError};

pub mod atomic {
    pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering, fence};
}

pub mod hint {
    pub use loom::hint::spin_loop;
}
