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

/// Loom's atomics. Loom takes a `SeqCst` access for a weaker one, and would reject designs that are right
/// by the one order of all such accesses; what it does know is fences, so each gets one before and
/// one after.
pub mod atomic {
    pub use loom::sync::atomic::{AtomicPtr, Ordering, fence};

    use loom::sync::atomic;

    fn in_one_order<R>(order: Ordering, access: impl FnOnce() -> R) -> R {
        if order != Ordering::SeqCst {
            return access();
        }
        fence(Ordering::SeqCst);
        let output = access();
        fence(Ordering::SeqCst);
        output
    }

    /// Passes each of these methods on; the first order is the one that decides.
    macro_rules! ordered {
        ($name:ident, $value:ty, { $($method:ident($($argument:ident: $type:ty),*; $order:ident $(, $failure:ident)?) -> $output:ty;)* }) => {
            #[derive(Debug, Default)]
            pub struct $name(atomic::$name);

            impl $name {
                pub fn new(value: $value) -> Self {
                    Self(atomic::$name::new(value))
                }

                /// A store that takes its place after whatever was there: loom would let a
                /// read-modify-write of another thread come in between.
                pub fn store(&self, value: $value, order: Ordering) {
                    in_one_order(order, || self.0.swap(value, order));
                }

                pub fn fetch_update(
                    &self,
                    set: Ordering,
                    fetch: Ordering,
                    update: impl FnMut($value) -> Option<$value>,
                ) -> Result<$value, $value> {
                    in_one_order(set, || self.0.fetch_update(set, fetch, update))
                }

                $(pub fn $method(&self, $($argument: $type,)* $order: Ordering $(, $failure: Ordering)?) -> $output {
                    in_one_order($order, || self.0.$method($($argument,)* $order $(, $failure)?))
                })*
            }
        };
    }

    macro_rules! ordered_integer {
        ($name:ident, $value:ty) => {
            ordered!($name, $value, {
                load(; order) -> $value;
                swap(value: $value; order) -> $value;
                compare_exchange(old: $value, new: $value; order, no) -> Result<$value, $value>;
                compare_exchange_weak(old: $value, new: $value; order, no) -> Result<$value, $value>;
                fetch_add(value: $value; order) -> $value;
                fetch_sub(value: $value; order) -> $value;
                fetch_or(value: $value; order) -> $value;
                fetch_and(value: $value; order) -> $value;
                fetch_xor(value: $value; order) -> $value;
                fetch_max(value: $value; order) -> $value;
                fetch_min(value: $value; order) -> $value;
            });
        };
    }

    ordered_integer!(AtomicU8, u8);
    ordered_integer!(AtomicUsize, usize);
    ordered!(AtomicBool, bool, {
        load(; order) -> bool;
        swap(value: bool; order) -> bool;
        compare_exchange(old: bool, new: bool; order, no) -> Result<bool, bool>;
        compare_exchange_weak(old: bool, new: bool; order, no) -> Result<bool, bool>;
        fetch_or(value: bool; order) -> bool;
        fetch_and(value: bool; order) -> bool;
        fetch_xor(value: bool; order) -> bool;
    });
}
