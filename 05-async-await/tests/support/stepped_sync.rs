//! `crate::sync` of the layer, for a file that is graded as a module of this program: the types of std,
//! and something can happen before each lock and after each unlock.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult};

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync,
};

use crate::steps::{Held, step};

/// Numbers that threads share: each change is a step.
pub mod atomic {
    pub use std::sync::atomic::*;

    use std::{ops::Deref, sync::atomic};

    use crate::steps::step;

    /// The atomic of std, in steps. What is seldom used is no step.
    macro_rules! stepped {
        ($name:ident, $number:ty) => {
            #[derive(Debug, Default)]
            pub struct $name(atomic::$name);

            impl $name {
                pub const fn new(value: $number) -> Self {
                    Self(atomic::$name::new(value))
                }

                pub fn load(&self, order: Ordering) -> $number {
                    step();
                    self.0.load(order)
                }

                pub fn store(&self, value: $number, order: Ordering) {
                    step();
                    self.0.store(value, order);
                }

                pub fn fetch_add(&self, value: $number, order: Ordering) -> $number {
                    step();
                    self.0.fetch_add(value, order)
                }

                pub fn compare_exchange(
                    &self,
                    current: $number,
                    new: $number,
                    success: Ordering,
                    failure: Ordering,
                ) -> Result<$number, $number> {
                    step();
                    self.0.compare_exchange(current, new, success, failure)
                }

                pub fn compare_exchange_weak(
                    &self,
                    current: $number,
                    new: $number,
                    success: Ordering,
                    failure: Ordering,
                ) -> Result<$number, $number> {
                    step();
                    self.0.compare_exchange_weak(current, new, success, failure)
                }
            }

            impl Deref for $name {
                type Target = atomic::$name;

                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }
        };
    }

    stepped!(AtomicU32, u32);
    stepped!(AtomicU64, u64);
    stepped!(AtomicUsize, usize);
}

/// The mutex of std, in steps.
#[derive(Default)]
pub struct Mutex<T: ?Sized>(sync::Mutex<T>);

pub struct MutexGuard<'a, T: ?Sized> {
    /// Dropped first: at the step that follows, the lock is free.
    guard: sync::MutexGuard<'a, T>,
    held: Held,
}

impl<T> Mutex<T> {
    pub const fn new(value: T) -> Self {
        Mutex(sync::Mutex::new(value))
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.0.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        step();
        match self.0.lock() {
            Ok(guard) => Ok(held(guard)),
            Err(poisoned) => Err(PoisonError::new(held(poisoned.into_inner()))),
        }
    }

    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        step();
        match self.0.try_lock() {
            Ok(guard) => Ok(held(guard)),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
            Err(TryLockError::Poisoned(poisoned)) => {
                Err(PoisonError::new(held(poisoned.into_inner())).into())
            }
        }
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.0.get_mut()
    }

    pub fn is_poisoned(&self) -> bool {
        self.0.is_poisoned()
    }

    pub fn clear_poison(&self) {
        self.0.clear_poison();
    }
}

fn held<T: ?Sized>(guard: sync::MutexGuard<'_, T>) -> MutexGuard<'_, T> {
    let held = Held::new();
    MutexGuard { guard, held }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Mutex::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guard.fmt(f)
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}
