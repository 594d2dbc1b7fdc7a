// expect: pass
//! A semaphore with one permit says who is next; who has it takes the value.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::lock::lock;
use crate::sync;
use crate::{Acquire, Permits, Semaphore};

pub struct Mutex<T> {
    turn: Semaphore,
    /// Here while nobody has the permit.
    value: sync::Mutex<Option<T>>,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self {
            turn: Semaphore::new(1),
            value: sync::Mutex::new(Some(value)),
        }
    }

    pub fn lock(&self) -> Lock<'_, T> {
        Lock {
            mutex: self,
            acquire: self.turn.acquire(1),
        }
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let permit = self.turn.try_acquire(1)?;
        Some(self.guard(permit))
    }

    fn guard<'a>(&'a self, permit: Permits<'a>) -> MutexGuard<'a, T> {
        MutexGuard {
            value: lock(&self.value).take(),
            mutex: self,
            _permit: permit,
        }
    }
}

#[must_use]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    acquire: Acquire<'a>,
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let permit = ready!(Pin::new(&mut self.acquire).poll(cx));
        Poll::Ready(self.mutex.guard(permit))
    }
}

#[must_use]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    value: Option<T>,
    /// Goes back after the value: fields are dropped after `drop`.
    _permit: Permits<'a>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().unwrap()
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().unwrap()
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        *lock(&self.mutex.value) = self.value.take();
    }
}
