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
use crate::{JoinError, Joinable};

/// The place where a task leaves its result, and its handle finds it.
pub struct JoinState<T> {
    /// Never locked while a waker is cloned, woken or dropped, or a result dropped: each of these
    /// is somebody else's code, and may come back here.
    slot: Mutex<Slot<T>>,
}

enum Slot<T> {
    /// No result yet. This is who waits for it, if anybody does.
    Waiting(Option<Waker>),
    /// The result, until the handle comes for it.
    Finished(Result<T, JoinError>),
    /// The handle has come for it, or is gone: nobody will.
    Closed,
}

impl<T> JoinState<T> {
    /// No result yet, and nobody who waits for one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slot: Mutex::new(Slot::Waiting(None)),
        }
    }

    /// Publishes the result, and wakes who waits for it. Called once, by the task.
    ///
    /// Without a handle the result is dropped here and now: not whenever the last stale waker gives
    /// up the task.
    pub fn finish(&self, result: Result<T, JoinError>) {
        let mut slot = lock(&self.slot);
        if let Slot::Closed = *slot {
            drop(slot);
            return drop(result);
        }
        let before = mem::replace(&mut *slot, Slot::Finished(result));
        drop(slot);
        if let Slot::Waiting(Some(waker)) = before {
            waker.wake();
        }
    }

    /// Leaves a waker for `finish`, or takes the result.
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let mut slot = lock(&self.slot);
        if let Slot::Waiting(waiting) = &*slot {
            if (waiting.as_ref()).is_some_and(|waker| waker.will_wake(cx.waker())) {
                return Poll::Pending;
            }
            // To clone a waker is somebody else's code, so the lock is given back meanwhile, and
            // the result may come in.
            drop(slot);
            let mut waker = Some(cx.waker().clone());
            slot = lock(&self.slot);
            if let Slot::Waiting(waiting) = &mut *slot {
                mem::swap(waiting, &mut waker);
                drop(slot);
                // The waker of an earlier poll is dropped without the lock, too.
                drop(waker);
                return Poll::Pending;
            }
        }
        match mem::replace(&mut *slot, Slot::Closed) {
            Slot::Finished(result) => Poll::Ready(result),
            _ => unreachable!("there is one handle, and it forgets the task after `Ready`"),
        }
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
        let slot = lock(&task.join_state().slot);
        !matches!(*slot, Slot::Waiting(_))
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
        let slot = mem::replace(&mut *lock(&task.join_state().slot), Slot::Closed);
        // A waker or a result, and without the lock.
        drop(slot);
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
