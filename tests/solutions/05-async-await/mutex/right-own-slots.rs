// expect: pass
//! Each who waits has a slot of its own, and the value is put right into it.

use std::collections::VecDeque;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{self, Arc};

pub struct Mutex<T> {
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    value: Option<T>,
    waiting: VecDeque<Slot<T>>,
}

/// Locked after the state, never before it.
type Slot<T> = Arc<sync::Mutex<Place<T>>>;

enum Place<T> {
    Waits(Waker),
    Given(T),
    Empty,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        let state = State {
            value: Some(value),
            waiting: VecDeque::new(),
        };
        Self {
            state: sync::Mutex::new(state),
        }
    }

    pub fn lock(&self) -> Lock<'_, T> {
        Lock {
            mutex: self,
            slot: None,
        }
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let value = self.state.lock().unwrap().value.take()?;
        Some(self.guard(value))
    }

    fn guard(&self, value: T) -> MutexGuard<'_, T> {
        MutexGuard {
            mutex: self,
            value: Some(value),
        }
    }

    fn unlock(&self, value: T) {
        let mut state = self.state.lock().unwrap();
        let Some(slot) = state.waiting.pop_front() else {
            state.value = Some(value);
            return;
        };
        let place = mem::replace(&mut *slot.lock().unwrap(), Place::Given(value));
        drop(state);
        if let Place::Waits(waker) = place {
            waker.wake();
        }
    }
}

#[must_use]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    slot: Option<Slot<T>>,
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mutex = self.mutex;
        let waits = Place::Waits(cx.waker().clone());
        let mut state = mutex.state.lock().unwrap();
        let Some(slot) = &self.slot else {
            if let Some(value) = state.value.take() {
                drop(state);
                return Poll::Ready(mutex.guard(value));
            }
            let slot = Arc::new(sync::Mutex::new(waits));
            state.waiting.push_back(slot.clone());
            drop(state);
            self.slot = Some(slot);
            return Poll::Pending;
        };
        let mut place = slot.lock().unwrap();
        let before = match mem::replace(&mut *place, Place::Empty) {
            Place::Given(value) => {
                drop((place, state));
                drop(self.slot.take());
                return Poll::Ready(mutex.guard(value));
            }
            before => before,
        };
        *place = waits;
        drop((place, state));
        drop(before);
        Poll::Pending
    }
}

impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        let Some(slot) = self.slot.take() else {
            return;
        };
        let mut state = self.mutex.state.lock().unwrap();
        state.waiting.retain(|other| !Arc::ptr_eq(other, &slot));
        let place = mem::replace(&mut *slot.lock().unwrap(), Place::Empty);
        drop(state);
        if let Place::Given(value) = place {
            self.mutex.unlock(value);
        }
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
        if let Some(value) = self.value.take() {
            self.mutex.unlock(value);
        }
    }
}
