// expect: fail blocking-poll
//! A future around a lock of threads: its first poll waits for the lock, and the thread with it (S5-03).

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{self, Condvar};
use std::task::{Context, Poll};

pub struct Mutex<T> {
    value: sync::Mutex<Option<T>>,
    back: Condvar,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self {
            value: sync::Mutex::new(Some(value)),
            back: Condvar::new(),
        }
    }

    pub fn lock(&self) -> Lock<'_, T> {
        Lock { mutex: self }
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let value = self.value.lock().unwrap().take()?;
        Some(MutexGuard {
            mutex: self,
            value: Some(value),
        })
    }
}

#[must_use]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let mutex = self.mutex;
        let there = mutex.value.lock().unwrap();
        let mut there = mutex
            .back
            .wait_while(there, |there| there.is_none())
            .unwrap();
        Poll::Ready(MutexGuard {
            mutex,
            value: there.take(),
        })
    }
}

#[must_use]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    value: Option<T>,
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
        *self.mutex.value.lock().unwrap() = self.value.take();
        self.mutex.back.notify_one();
    }
}
