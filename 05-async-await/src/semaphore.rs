//! A number of permits, and tasks that wait for them.
//!
//! Permits go to those who wait in the order in which they came. A task that asks for many is not
//! passed by those who ask for few: it would wait for ever.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::wait_queue::WaitQueue;

/// Lets so many tasks in at once as it has permits.
///
/// ```
/// use async_await::Semaphore;
///
/// let doors = Semaphore::new(2);
/// executor::block_on(async {
///     let first = doors.acquire(1).await;
///     let second = doors.try_acquire(1).expect("there are two");
///     assert!(doors.try_acquire(1).is_none());
///     drop(first);
///     assert_eq!(doors.available(), 1);
///     drop(second);
/// });
/// ```
pub struct Semaphore {
    /// Never locked while a waker is cloned, woken or dropped: each of these may come back here.
    state: Mutex<State>,
}

struct State {
    /// Permits that nobody has. While somebody waits, fewer than the first of them asks for.
    available: usize,
    /// Who waits, each for how many.
    waiting: WaitQueue<usize>,
}

impl Semaphore {
    /// So many permits, and nobody who waits.
    #[must_use]
    pub fn new(permits: usize) -> Self {
        Self {
            state: Mutex::new(State {
                available: permits,
                waiting: WaitQueue::new(),
            }),
        }
    }

    /// How many permits nobody has.
    #[must_use]
    pub fn available(&self) -> usize {
        lock(&self.state).available
    }

    /// Waits for `permits`. They go back when what it gives is dropped.
    ///
    /// Cancellation: the place in the queue is taken at the first poll. Dropped while it waits, it
    /// leaves the queue; dropped when it had just been given its permits, it gives them on.
    pub fn acquire(&self, permits: usize) -> Acquire<'_> {
        Acquire {
            semaphore: self,
            permits,
            stage: Stage::New,
        }
    }

    /// `permits`, if they can be had at once and nobody waits.
    pub fn try_acquire(&self, permits: usize) -> Option<Permits<'_>> {
        let mut state = lock(&self.state);
        state.take(permits).then(|| Permits {
            semaphore: self,
            permits,
        })
    }

    /// Adds permits, for good.
    ///
    /// # Panics
    ///
    /// Panics if there would be more than `usize` counts.
    pub fn release(&self, permits: usize) {
        let mut state = lock(&self.state);
        let available = state.available.checked_add(permits);
        state.available = available.expect("no more permits than a usize counts");
        let woken = state.hand_over();
        drop(state);
        for waker in woken {
            waker.wake();
        }
    }
}

impl State {
    /// Takes permits, unless there are too few, or somebody was here before.
    fn take(&mut self, permits: usize) -> bool {
        let can = self.waiting.is_empty() && permits <= self.available;
        if can {
            self.available -= permits;
        }
        can
    }

    /// Gives what is there to those who wait, as far as it goes. Wake them outside the lock.
    fn hand_over(&mut self) -> Vec<Waker> {
        let mut woken = Vec::new();
        while let Some(asked) = self.waiting.first()
            && *asked <= self.available
        {
            self.available -= asked;
            woken.extend(self.waiting.pop().map(|(_, waker)| waker));
        }
        woken
    }
}

/// Made by [`Semaphore::acquire`].
#[must_use = "futures do nothing unless polled"]
pub struct Acquire<'a> {
    semaphore: &'a Semaphore,
    /// How many it asks for.
    permits: usize,
    /// How far it has come.
    stage: Stage,
}

enum Stage {
    /// Not polled yet: it stands in no queue.
    New,
    /// In the queue under this number; given its permits, if the queue has the number no more.
    Waiting(u64),
    /// Its output has been taken.
    Done,
}

impl<'a> Future for Acquire<'a> {
    type Output = Permits<'a>;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (semaphore, permits) = (self.semaphore, self.permits);
        if let Stage::New = self.stage
            && let Some(permits) = semaphore.try_acquire(permits)
        {
            self.stage = Stage::Done;
            return Poll::Ready(permits);
        }
        let waker = cx.waker().clone();
        let mut state = lock(&semaphore.state);
        let spare = match self.stage {
            // They may have come since the look above.
            Stage::New if state.take(permits) => Err(waker),
            Stage::New => {
                let number = state.waiting.push(permits, waker);
                drop(state);
                self.stage = Stage::Waiting(number);
                return Poll::Pending;
            }
            Stage::Waiting(number) => state.waiting.set_waker(number, waker),
            Stage::Done => panic!("an `Acquire` was polled after it was ready"),
        };
        drop(state);
        if spare.is_ok() {
            return Poll::Pending;
        }
        self.stage = Stage::Done;
        Poll::Ready(Permits { semaphore, permits })
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        let Stage::Waiting(number) = self.stage else {
            return;
        };
        let mut state = lock(&self.semaphore.state);
        let left = state.waiting.remove(number);
        // Those behind it may have waited for this one only.
        let woken = match left {
            Some(_) => state.hand_over(),
            None => Vec::new(),
        };
        drop(state);
        if left.is_none() {
            self.semaphore.release(self.permits);
        }
        for waker in woken {
            waker.wake();
        }
    }
}

/// Permits of a [`Semaphore`]; they go back when this is dropped.
#[must_use = "the permits go back as soon as this is dropped"]
pub struct Permits<'a> {
    semaphore: &'a Semaphore,
    /// How many.
    permits: usize,
}

impl Permits<'_> {
    /// Keeps the permits for good: they do not go back.
    pub fn forget(mut self) {
        self.permits = 0;
    }
}

impl Drop for Permits<'_> {
    fn drop(&mut self) {
        self.semaphore.release(self.permits);
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("available", &self.available())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Acquire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire")
            .field("permits", &self.permits)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Permits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Permits").field(&self.permits).finish()
    }
}
