// expect: fail busy-wake
//! A lock that was ready does not remember it: dropped after that, it passes on what its guard has (S5-12 the other
//! way round).

use std::collections::VecDeque;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync;

pub struct Mutex<T> {
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// Not here while somebody has it.
    value: Option<T>,
    /// Whether the value is for one who has been woken and not come yet.
    promised: bool,
    waiting: VecDeque<(u64, Waker)>,
    next: u64,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: sync::Mutex::new(State {
                value: Some(value),
                promised: false,
                waiting: VecDeque::new(),
                next: 0,
            }),
        }
    }

    pub fn lock(&self) -> Lock<'_, T> {
        Lock {
            mutex: self,
            stage: Stage::New,
        }
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let value = self.state.lock().unwrap().free()?;
        Some(self.guard(value))
    }

    fn guard(&self, value: T) -> MutexGuard<'_, T> {
        MutexGuard {
            mutex: self,
            value: Some(value),
        }
    }

    /// The turn of the next.
    fn pass_on(&self, back: Option<T>) {
        let mut state = self.state.lock().unwrap();
        if back.is_some() {
            state.value = back;
        }
        let next = state.waiting.pop_front();
        state.promised = next.is_some();
        drop(state);
        if let Some((_, waker)) = next {
            waker.wake();
        }
    }
}

impl<T> State<T> {
    /// The value, if it is for whoever comes.
    fn free(&mut self) -> Option<T> {
        if self.promised {
            return None;
        }
        self.value.take()
    }
}

#[must_use]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    New,
    Waiting(u64),
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mutex = self.mutex;
        let mut waker = cx.waker().clone();
        let mut state = mutex.state.lock().unwrap();
        let value = match self.stage {
            Stage::New => state.free(),
            Stage::Waiting(number) => match state.waiting.iter_mut().find(|(n, _)| *n == number) {
                Some((_, old)) => {
                    mem::swap(old, &mut waker);
                    None
                }
                None => {
                    state.promised = false;
                    state.value.take()
                }
            },
        };
        if let Some(value) = value {
            drop(state);
            return Poll::Ready(mutex.guard(value));
        }
        if let Stage::New = self.stage {
            let number = state.next;
            state.next += 1;
            state.waiting.push_back((number, waker));
            drop(state);
            self.stage = Stage::Waiting(number);
        } else {
            drop(state);
        }
        Poll::Pending
    }
}

impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        let Stage::Waiting(number) = self.stage else {
            return;
        };
        let mut state = self.mutex.state.lock().unwrap();
        let place = state.waiting.iter().position(|(n, _)| *n == number);
        let left = place.and_then(|place| state.waiting.remove(place));
        drop(state);
        if left.is_none() {
            self.mutex.pass_on(None);
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
        self.mutex.pass_on(self.value.take());
    }
}
