//! A lock that tasks wait for, and may hold across an `.await`.
//!
//! Std's mutex stops the thread of whoever has to wait. If the task that holds the lock waits too,
//! and on the same thread, nobody is left who could unlock it. Here who waits is a task, and the
//! thread goes on with others.
//!
//! The value *is* the lock: who locks takes it out, and the guard owns it until it is dropped. So two
//! tasks cannot have it, and no unsafe code is needed to say so. The price is that the value is moved
//! twice; a large one is better kept in a box.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::lock::lock;
use crate::sync;
use crate::wait_queue::WaitQueue;

/// One value for one task at a time, in the order in which they ask.
///
/// ```
/// use async_await::Mutex;
///
/// let count = Mutex::new(0);
/// executor::block_on(async {
///     let mut guard = count.lock().await;
///     executor::yield_now().await; // others may run, and find it locked
///     *guard += 1;
///     assert!(count.try_lock().is_none());
///     drop(guard);
///     assert_eq!(*count.lock().await, 1);
/// });
/// ```
pub struct Mutex<T> {
    /// Held for a few instructions, never while a waker is cloned, woken or dropped.
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// The value: it is here when nobody has locked it, and while it is handed over.
    value: Option<T>,
    /// Whether the value is for one who has been woken, and has not come for it yet.
    handed_over: bool,
    /// Who waits.
    waiting: WaitQueue,
}

impl<T> Mutex<T> {
    /// An open lock around `value`.
    pub fn new(value: T) -> Self {
        Self {
            state: sync::Mutex::new(State {
                value: Some(value),
                handed_over: false,
                waiting: WaitQueue::new(),
            }),
        }
    }

    /// Waits for the value. The one who has waited longest is next; nobody overtakes.
    ///
    /// Cancellation: the place in the queue is taken at the first poll. Dropped while it waits, it
    /// leaves the queue; dropped when the value had just been handed to it, it hands it on.
    pub fn lock(&self) -> Lock<'_, T> {
        Lock {
            mutex: self,
            stage: Stage::New,
        }
    }

    /// The value, if nobody has it or waits for it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let value = lock(&self.state).take_free()?;
        Some(MutexGuard::new(self, value))
    }

    /// Gives the value to the next who waits, or to whoever comes.
    fn hand_over(&self, value: Option<T>) {
        let mut state = lock(&self.state);
        if value.is_some() {
            state.value = value;
        }
        let next = state.waiting.pop();
        state.handed_over = next.is_some();
        drop(state);
        if let Some(((), waker)) = next {
            waker.wake();
        }
    }
}

impl<T> State<T> {
    /// Takes the value, if it is for nobody else.
    fn take_free(&mut self) -> Option<T> {
        if self.handed_over {
            return None;
        }
        self.value.take()
    }
}

/// Made by [`Mutex::lock`].
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    /// How far it has come.
    stage: Stage,
}

enum Stage {
    /// Not polled yet: it stands in no queue.
    New,
    /// In the queue under this number; the value is for it, if the queue has the number no more.
    Waiting(u64),
    /// Its output has been taken.
    Done,
}

impl<'a, T> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mutex = self.mutex;
        if let Stage::New = self.stage
            && let Some(guard) = mutex.try_lock()
        {
            self.stage = Stage::Done;
            return Poll::Ready(guard);
        }
        let waker = cx.waker().clone();
        let mut state = lock(&mutex.state);
        let (value, _spare) = match self.stage {
            // It may have become free since the look above.
            Stage::New => match state.take_free() {
                Some(value) => (Some(value), Some(waker)),
                None => {
                    self.stage = Stage::Waiting(state.waiting.push((), waker));
                    (None, None)
                }
            },
            Stage::Waiting(number) => match state.waiting.set_waker(number, waker) {
                Ok(earlier) => (None, Some(earlier)),
                Err(waker) => {
                    state.handed_over = false;
                    (state.value.take(), Some(waker))
                }
            },
            Stage::Done => panic!("a `Lock` was polled after it was ready"),
        };
        drop(state);
        match value {
            Some(value) => {
                self.stage = Stage::Done;
                Poll::Ready(MutexGuard::new(mutex, value))
            }
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        if let Stage::Waiting(number) = self.stage {
            let left = lock(&self.mutex.state).waiting.remove(number);
            if left.is_none() {
                self.mutex.hand_over(None);
            }
        }
    }
}

/// The value of a [`Mutex`]; dropping it unlocks.
#[must_use = "the lock is open again as soon as this is dropped"]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    /// The value itself. `None` only when it is dropped.
    value: Option<T>,
}

impl<'a, T> MutexGuard<'a, T> {
    fn new(mutex: &'a Mutex<T>, value: T) -> Self {
        Self {
            mutex,
            value: Some(value),
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("taken only when it is dropped")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("taken only when it is dropped")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.hand_over(self.value.take());
    }
}
