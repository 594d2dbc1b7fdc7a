//! `crate::sync` of the layer, on the types of loom: what goes through here, the model sees.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use std::ops::{Deref, DerefMut};

use loom::sync::atomic::Ordering::Relaxed;

/// Loom's mutex, with one more place where a thread can be stopped: *inside*. Loom alone lets nobody
/// see a mutex that is taken, unless a step of the model happens meanwhile.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    mutex: loom::sync::Mutex<T>,
    /// Tells nobody anything, and orders nothing: each access is a step of the model.
    held: loom::sync::atomic::AtomicBool,
}

#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    guard: loom::sync::MutexGuard<'a, T>,
    held: &'a loom::sync::atomic::AtomicBool,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Mutex {
            mutex: loom::sync::Mutex::new(value),
            held: loom::sync::atomic::AtomicBool::new(false),
        }
    }

    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let guard = self.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.guard(guard))
    }

    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.held.load(Relaxed);
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
        self.held.store(true, Relaxed);
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
            self.held.store(false, Relaxed);
        }
    }
}

/// Loom's atomics, with `SeqCst` as it is: an access of that order takes its place in the one order of all such
/// accesses, which is the order of the model's steps. But it is no fence: for what lies elsewhere it publishes and
/// takes over what a Release or an Acquire would, and nothing more.
///
/// Loom's own `SeqCst` load may give what was there before the latest store, also if that was `SeqCst`; then two flags
/// that are set and looked at crosswise would be rejected, and they are right.
pub mod atomic {
    pub use loom::sync::atomic::{AtomicPtr, Ordering, fence};

    use std::sync::atomic::{AtomicBool as Mark, Ordering::SeqCst as Unseen};

    use loom::sync::atomic;

    /// What an access that reads and writes does to other memory.
    fn both(order: Ordering) -> Ordering {
        match order {
            Ordering::SeqCst => Ordering::AcqRel,
            order => order,
        }
    }

    /// What one that only reads does.
    fn reads(order: Ordering) -> Ordering {
        match order {
            Ordering::SeqCst => Ordering::Acquire,
            order => order,
        }
    }

    /// What one that only writes does.
    fn writes(order: Ordering) -> Ordering {
        match order {
            Ordering::SeqCst => Ordering::Release,
            order => order,
        }
    }

    /// One of loom's atomics, with these methods that read and write.
    macro_rules! ordered {
        ($name:ident, $value:ty, $($method:ident)*) => {
            #[derive(Debug, Default)]
            pub struct $name {
                value: atomic::$name,
                /// Whether the latest write was outside of the one order. It is no step of the model.
                outside: Mark,
            }

            impl $name {
                pub fn new(value: $value) -> Self {
                    Self {
                        value: atomic::$name::new(value),
                        outside: Mark::new(false),
                    }
                }

                fn written(&self, order: Ordering) {
                    self.outside.store(order != Ordering::SeqCst, Unseen);
                }

                /// A load in the one order finds the latest write that is in it. Only one that reads and writes is
                /// sure to do so in loom: it writes what was there.
                pub fn load(&self, order: Ordering) -> $value {
                    if order == Ordering::SeqCst && !self.outside.load(Unseen) {
                        return self.value.fetch_or(<$value>::default(), Ordering::Acquire);
                    }
                    self.value.load(reads(order))
                }

                /// A store that takes its place after whatever was there: loom would let a
                /// read-modify-write of another thread come in between. What others have published with what was
                /// there stays published, which is more than a store promises.
                pub fn store(&self, value: $value, order: Ordering) {
                    self.value.swap(value, writes(order));
                    self.written(order);
                }

                pub fn fetch_update(
                    &self,
                    set: Ordering,
                    fetch: Ordering,
                    mut update: impl FnMut($value) -> Option<$value>,
                ) -> Result<$value, $value> {
                    let mut before = self.load(fetch);
                    while let Some(next) = update(before) {
                        match self.compare_exchange(before, next, set, fetch) {
                            Ok(before) => return Ok(before),
                            Err(now) => before = now,
                        }
                    }
                    Err(before)
                }

                pub fn compare_exchange(
                    &self,
                    old: $value,
                    new: $value,
                    order: Ordering,
                    no: Ordering,
                ) -> Result<$value, $value> {
                    let result = self.value.compare_exchange(old, new, both(order), reads(no));
                    if result.is_ok() {
                        self.written(order);
                    }
                    result
                }

                pub fn compare_exchange_weak(
                    &self,
                    old: $value,
                    new: $value,
                    order: Ordering,
                    no: Ordering,
                ) -> Result<$value, $value> {
                    self.compare_exchange(old, new, order, no)
                }

                $(pub fn $method(&self, value: $value, order: Ordering) -> $value {
                    let before = self.value.$method(value, both(order));
                    self.written(order);
                    before
                })*
            }
        };
    }

    macro_rules! ordered_integer {
        ($name:ident, $value:ty) => {
            ordered!($name, $value, swap fetch_add fetch_sub fetch_or fetch_and fetch_xor fetch_max fetch_min);
        };
    }

    ordered_integer!(AtomicU8, u8);
    ordered_integer!(AtomicUsize, usize);
    ordered!(AtomicBool, bool, swap fetch_or fetch_and fetch_xor);
}
