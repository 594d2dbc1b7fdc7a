//! What comes back from a task: its value, its panic, or the news that it was dropped.
//!
//! A [`JoinState`] lies inside the task, and a [`JoinHandle`] knows the task. Each of the two may
//! come first: a result that is there before the handle is polled waits in the state, and a handle
//! that is polled before the result is there leaves its waker in the state. The slot holds either
//! the one or the other, so it is as big as the bigger of the two.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Relaxed, Release},
};
use crate::{JoinError, Joinable};

/// The place where a task leaves its result, and its handle finds it.
pub struct JoinState<T> {
    /// Set when the result is there, and never again taken back.
    finished: AtomicBool,
    /// Set when the handle is dropped: nobody will come for a result. It spares a task without a
    /// handle the lock; that lock and the handle's were a fifth of what such a task costs.
    detached: AtomicBool,
    /// Set when the handle leaves a waker, which goes when the handle goes. The handle's own note.
    awaited: AtomicBool,
    /// Never locked while a waker is cloned, woken or dropped, or a result dropped: each of these
    /// is somebody else's code, and may come back here.
    slot: Mutex<Slot<T>>,
}

enum Slot<T> {
    /// No result yet. This is who waits for it, if anybody does.
    Waiting(Option<Waker>),
    /// The result, until the handle comes for it.
    Finished(Result<T, JoinError>),
    /// Neither any more: the handle has come for it, or has gone.
    Taken,
}

impl<T> JoinState<T> {
    /// No result yet, and nobody who waits for one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            finished: AtomicBool::new(false),
            detached: AtomicBool::new(false),
            awaited: AtomicBool::new(false),
            slot: Mutex::new(Slot::Waiting(None)),
        }
    }

    /// Publishes the result, and wakes who waits for it. Called once, by the task.
    ///
    /// Without a handle the result is dropped here and now: not whenever the last stale waker gives
    /// up the task. (If the handle is dropped at this very moment, it may stay until then.)
    pub fn finish(&self, result: Result<T, JoinError>) {
        if self.detached.load(Acquire) {
            return drop(result);
        }
        let mut slot = lock(&self.slot);
        let before = mem::replace(&mut *slot, Slot::Finished(result));
        self.finished.store(true, Release);
        drop(slot);
        if let Slot::Waiting(Some(waker)) = before {
            waker.wake();
        }
    }

    /// Takes the result out, to be dropped or given out without the lock.
    fn take(&self) -> Slot<T> {
        mem::replace(&mut *lock(&self.slot), Slot::Taken)
    }

    /// Leaves a waker for `finish`, or takes the result.
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if !self.finished.load(Acquire) && self.wait(cx.waker()) {
            return Poll::Pending;
        }
        match self.take() {
            Slot::Finished(result) => Poll::Ready(result),
            _ => unreachable!("there is one handle, and it forgets the task after `Ready`"),
        }
    }

    /// Leaves a waker for `finish`, unless that was faster.
    fn wait(&self, waker: &Waker) -> bool {
        // Cloned without the lock: it is somebody else's code.
        let mut waker = Some(waker.clone());
        let mut slot = lock(&self.slot);
        let Slot::Waiting(waiting) = &mut *slot else {
            return false;
        };
        mem::swap(waiting, &mut waker);
        self.awaited.store(true, Relaxed);
        drop(slot);
        // The waker of an earlier poll is dropped without the lock, too.
        drop(waker);
        true
    }
}

/// A task's handle: a future of its result. Dropped, it lets the task go on.
pub struct JoinHandle<T> {
    /// `None` after `Ready`: whatever else keeps the task alive, this does not any more.
    task: Option<Arc<dyn Joinable<T>>>,
}

impl<T> JoinHandle<T> {
    /// The handle of this task. There is one of each task.
    #[must_use]
    pub fn new(task: Arc<dyn Joinable<T>>) -> Self {
        Self { task: Some(task) }
    }

    /// Asks for the task's end. Its future is dropped where the executor runs, and the result is
    /// [`JoinError::Cancelled`], unless the task comes to its end by itself before that.
    pub fn abort(&self) {
        if let Some(task) = &self.task {
            Arc::clone(task).abort();
        }
    }

    /// Whether the result is there (or has been given out).
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let Some(task) = &self.task else {
            return true;
        };
        task.join_state().finished.load(Acquire)
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    ///
    /// After `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let task = (self.task.as_ref()).expect("a `JoinHandle` was polled after `Ready`");
        let poll = task.join_state().poll(cx);
        if poll.is_ready() {
            self.task = None;
        }
        poll
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let Some(task) = &self.task else {
            return;
        };
        let state = task.join_state();
        state.detached.store(true, Release);
        if state.awaited.load(Relaxed) || state.finished.load(Acquire) {
            drop(state.take());
        }
    }
}

impl<T> Default for JoinState<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for JoinState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinState").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
