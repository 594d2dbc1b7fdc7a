//! Tests that measure memory run alone, where several run in one process.

#![allow(dead_code, unreachable_pub)]

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static PROCESS: RwLock<()> = RwLock::new(());

/// How a test has the process, until this is dropped.
#[derive(Debug)]
pub enum Presence {
    Beside(#[allow(dead_code)] RwLockReadGuard<'static, ()>),
    Alone(#[allow(dead_code)] RwLockWriteGuard<'static, ()>),
}

/// Others of this kind may run meanwhile.
pub fn beside() -> Presence {
    Presence::Beside(PROCESS.read().unwrap_or_else(PoisonError::into_inner))
}

/// Nobody else may.
pub fn alone() -> Presence {
    Presence::Alone(PROCESS.write().unwrap_or_else(PoisonError::into_inner))
}
