//! `crate::sync` of the layer, for a file that is graded as a module of this program: the types of std,
//! and something can happen before each lock, after each unlock and before each atomic operation.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use executor::sync::UnsafeCell;
pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult};

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync,
};

use crate::steps::{Held, step};

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

/// The condition variable of std.
#[derive(Debug, Default)]
pub struct Condvar(sync::Condvar);

impl Condvar {
    pub const fn new() -> Self {
        Condvar(sync::Condvar::new())
    }

    /// Waits. To let go of the lock and to wait is one thing: no step in between.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let MutexGuard { guard, held } = guard;
        match self.0.wait(guard) {
            Ok(guard) => Ok(MutexGuard { guard, held }),
            Err(poisoned) => {
                let guard = poisoned.into_inner();
                Err(PoisonError::new(MutexGuard { guard, held }))
            }
        }
    }

    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// The atomics of std, in steps.
pub mod atomic {
    /// Pointers are as they are in std: who uses them knows the protocol.
    pub use std::sync::atomic::{AtomicPtr, Ordering, fence};

    use std::sync::atomic;

    use crate::steps::step;

    /// Passes each of these methods on, after a step.
    macro_rules! stepped {
        ($name:ident, $value:ty, { $($method:ident($($argument:ident: $type:ty),*) -> $output:ty;)* }) => {
            #[derive(Debug, Default)]
            pub struct $name(atomic::$name);

            impl $name {
                pub const fn new(value: $value) -> Self {
                    Self(atomic::$name::new(value))
                }

                pub fn into_inner(self) -> $value {
                    self.0.into_inner()
                }

                pub fn get_mut(&mut self) -> &mut $value {
                    self.0.get_mut()
                }

                pub fn fetch_update(
                    &self,
                    set: Ordering,
                    fetch: Ordering,
                    update: impl FnMut($value) -> Option<$value>,
                ) -> Result<$value, $value> {
                    step();
                    self.0.fetch_update(set, fetch, update)
                }

                $(pub fn $method(&self, $($argument: $type),*) -> $output {
                    step();
                    self.0.$method($($argument),*)
                })*
            }
        };
    }

    macro_rules! stepped_integer {
        ($name:ident, $value:ty) => {
            stepped!($name, $value, {
                load(order: Ordering) -> $value;
                store(value: $value, order: Ordering) -> ();
                swap(value: $value, order: Ordering) -> $value;
                compare_exchange(old: $value, new: $value, ok: Ordering, no: Ordering) -> Result<$value, $value>;
                compare_exchange_weak(old: $value, new: $value, ok: Ordering, no: Ordering) -> Result<$value, $value>;
                fetch_add(value: $value, order: Ordering) -> $value;
                fetch_sub(value: $value, order: Ordering) -> $value;
                fetch_or(value: $value, order: Ordering) -> $value;
                fetch_and(value: $value, order: Ordering) -> $value;
                fetch_xor(value: $value, order: Ordering) -> $value;
                fetch_max(value: $value, order: Ordering) -> $value;
                fetch_min(value: $value, order: Ordering) -> $value;
            });
        };
    }

    stepped_integer!(AtomicU8, u8);
    stepped_integer!(AtomicU32, u32);
    stepped_integer!(AtomicU64, u64);
    stepped_integer!(AtomicUsize, usize);
    stepped!(AtomicBool, bool, {
        load(order: Ordering) -> bool;
        store(value: bool, order: Ordering) -> ();
        swap(value: bool, order: Ordering) -> bool;
        compare_exchange(old: bool, new: bool, ok: Ordering, no: Ordering) -> Result<bool, bool>;
        compare_exchange_weak(old: bool, new: bool, ok: Ordering, no: Ordering) -> Result<bool, bool>;
        fetch_or(value: bool, order: Ordering) -> bool;
        fetch_and(value: bool, order: Ordering) -> bool;
        fetch_xor(value: bool, order: Ordering) -> bool;
        fetch_not(order: Ordering) -> bool;
    });
}
