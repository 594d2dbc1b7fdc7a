// expect: does-not-compile
//! The value lies in a mutex of std, and the guard has std's guard in it: it must stay on its thread, so the tasks of a
//! pool cannot keep it (S5-03; rust-clippy #5439).

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync;
use std::task::{Context, Poll, ready};

use crate::{Acquire, Permits, Semaphore};

pub struct Mutex<T> {
    turn: Semaphore,
    value: sync::Mutex<T>,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self {
            turn: Semaphore::new(1),
            value: sync::Mutex::new(value),
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
            value: self.value.lock().unwrap(),
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
    value: sync::MutexGuard<'a, T>,
    _permit: Permits<'a>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
