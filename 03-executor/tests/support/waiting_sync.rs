//! `crate::sync` of the layer, for a file that is graded as a module of this program: the types of std,
//! and something can happen around each lock and before each wait.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use executor::sync::{UnsafeCell, atomic};
pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, WaitTimeoutResult};

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync,
    time::Duration,
};

use crate::support::wait_steps::{ends_for_nothing, gets_up, gives_up, step};

/// The mutex of std, in steps.
#[derive(Default)]
pub struct Mutex<T: ?Sized>(sync::Mutex<T>);

pub struct MutexGuard<'a, T: ?Sized> {
    /// What it guards, to lock it again.
    mutex: &'a sync::Mutex<T>,
    /// `None` while it waits on a [`Condvar`].
    held: Option<sync::MutexGuard<'a, T>>,
}

/// The condition variable of std: a wait may end for nothing.
#[derive(Debug, Default)]
pub struct Condvar(sync::Condvar);

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
        held(&self.0, self.0.lock())
    }

    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        step();
        match self.0.try_lock() {
            Ok(guard) => Ok(held(&self.0, Ok(guard))?),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
            Err(TryLockError::Poisoned(poisoned)) => Ok(held(&self.0, Err(poisoned))?),
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

fn held<'a, T: ?Sized>(
    mutex: &'a sync::Mutex<T>,
    locked: LockResult<sync::MutexGuard<'a, T>>,
) -> LockResult<MutexGuard<'a, T>> {
    let of = |guard| MutexGuard {
        mutex,
        held: Some(guard),
    };
    match locked {
        Ok(guard) => Ok(of(guard)),
        Err(poisoned) => Err(PoisonError::new(of(poisoned.into_inner()))),
    }
}

type WaitResult<'a, T> = LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>;

fn held_after<'a, T: ?Sized>(
    mutex: &'a sync::Mutex<T>,
    waited: LockResult<(sync::MutexGuard<'a, T>, WaitTimeoutResult)>,
) -> WaitResult<'a, T> {
    let poisoned = waited.is_err();
    let (guard, result) = waited.unwrap_or_else(PoisonError::into_inner);
    let guard = MutexGuard {
        mutex,
        held: Some(guard),
    };
    match poisoned {
        false => Ok((guard, result)),
        true => Err(PoisonError::new((guard, result))),
    }
}

impl Condvar {
    pub const fn new() -> Self {
        Condvar(sync::Condvar::new())
    }

    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        step();
        if ends_for_nothing() {
            return Ok(guard);
        }
        let mutex = guard.mutex;
        let mut guard = held(mutex, self.0.wait(guard.take()))?;
        guard.get_up();
        Ok(guard)
    }

    pub fn wait_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>>
    where
        F: FnMut(&mut T) -> bool,
    {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    pub fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> WaitResult<'a, T> {
        step();
        let timeout = guard.give_up(timeout);
        let mutex = guard.mutex;
        let waited = self.0.wait_timeout(guard.take(), timeout);
        let (mut guard, result) = held_after(mutex, waited)?;
        guard.get_up();
        Ok((guard, result))
    }

    pub fn wait_timeout_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut condition: F,
    ) -> WaitResult<'a, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        step();
        let waits = condition(&mut guard);
        let timeout = if waits {
            guard.give_up(timeout)
        } else {
            timeout
        };
        let waited = (self.0).wait_timeout_while(guard.take(), timeout, condition);
        held_after(guard.mutex, waited)
    }

    pub fn notify_one(&self) {
        step();
        self.0.notify_one();
    }

    pub fn notify_all(&self) {
        step();
        self.0.notify_all();
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    fn take(&mut self) -> sync::MutexGuard<'a, T> {
        self.held
            .take()
            .expect("a guard is taken once, and then dropped")
    }

    /// If this thread's wait is to come to its limit at once, it does, and something happens meanwhile:
    /// what is left of the limit.
    fn give_up(&mut self, limit: Duration) -> Duration {
        let Some(meanwhile) = gives_up() else {
            return limit;
        };
        self.without(meanwhile);
        Duration::ZERO
    }

    /// If this thread is to be slow to get up, something happens before it has its lock back.
    fn get_up(&mut self) {
        if let Some(meanwhile) = gets_up() {
            self.without(meanwhile);
        }
    }

    fn without(&mut self, meanwhile: impl FnOnce()) {
        drop(self.take());
        meanwhile();
        self.held = Some(self.mutex.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if let Some(guard) = self.held.take() {
            drop(guard);
            step();
        }
    }
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
        self.held.fmt(f)
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held
            .as_ref()
            .expect("only a guard that is gone has been taken")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.held
            .as_mut()
            .expect("only a guard that is gone has been taken")
    }
}
