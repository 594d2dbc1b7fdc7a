//! `crate::sync` of the layer, on the types of loom: what goes through here, the model sees.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use loom::{cell::UnsafeCell, sync::Arc};
pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

pub mod atomic {
    pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering, fence};
}

pub mod hint {
    pub use loom::hint::spin_loop;
}

use std::ops::{Deref, DerefMut};

/// Loom's mutex, with one more place where a thread can be stopped: *inside*. Loom alone lets nobody
/// see a mutex that is taken, unless a step of the model happens meanwhile.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    mutex: loom::sync::Mutex<T>,
    /// Tells nobody anything, and orders nothing: each access is a step of the model.
    held: atomic::AtomicBool,
}

#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    guard: loom::sync::MutexGuard<'a, T>,
    held: &'a atomic::AtomicBool,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Mutex {
            mutex: loom::sync::Mutex::new(value),
            held: atomic::AtomicBool::new(false),
        }
    }

    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let guard = self.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.guard(guard))
    }

    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.held.load(atomic::Ordering::Relaxed);
        match self.mutex.try_lock() {
            Ok(guard) => Ok(self.guard(guard)),
            Err(_) => Err(TryLockError::WouldBlock),
        }
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.mutex.get_mut()
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.mutex.into_inner()
    }

    fn guard<'a>(&'a self, guard: loom::sync::MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.held.store(true, atomic::Ordering::Relaxed);
        MutexGuard {
            guard,
            held: &self.held,
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // While a thread unwinds, no other may come in: a second panic would end the process.
        if !std::thread::panicking() {
            self.held.store(false, atomic::Ordering::Relaxed);
        }
    }
}
