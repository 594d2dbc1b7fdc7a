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
    /// Neither any more: the handle has come for it, or has gone.
    Taken,
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
    pub fn finish(&self, result: Result<T, JoinError>) {
        let mut slot = lock(&self.slot);
        let before = match &*slot {
            // Nobody will come for it: it goes as soon as the lock is free.
            Slot::Taken => Slot::Finished(result),
            _ => mem::replace(&mut *slot, Slot::Finished(result)),
        };
        drop(slot);
        if let Slot::Waiting(Some(waker)) = before {
            waker.wake();
        }
    }

    /// Whether the result is there.
    fn is_finished(&self) -> bool {
        matches!(*lock(&self.slot), Slot::Finished(_))
    }

    /// Takes the result out, if it is there.
    fn take(&self) -> Option<Result<T, JoinError>> {
        let mut slot = lock(&self.slot);
        match mem::replace(&mut *slot, Slot::Taken) {
            Slot::Finished(result) => Some(result),
            waiting => {
                *slot = waiting;
                None
            }
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
        drop(slot);
        // The waker of an earlier poll is dropped without the lock, too.
        drop(waker);
        true
    }

    /// Gives up whatever is there or comes later.
    fn close(&self) {
        let before = mem::replace(&mut *lock(&self.slot), Slot::Taken);
        drop(before);
    }
}

/// A task's handle: a future of its result. Dropped, it lets the task go on.
pub struct JoinHandle<T> {
    /// `None` after `Ready`: whatever else keeps the task alive, this does not any more.
    task: Option<Arc<dyn Joinable<T>>>,
    /// Whether a waker was left in the task's state. It goes when the handle goes.
    awaited: bool,
}

impl<T> JoinHandle<T> {
    /// The handle of this task. There is one of each task.
    #[must_use]
    pub fn new(task: Arc<dyn Joinable<T>>) -> Self {
        Self {
            task: Some(task),
            awaited: false,
        }
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
        (self.task.as_ref())
            .is_none_or(|task| task.may_be_over() && task.join_state().is_finished())
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    ///
    /// After `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let task = (this.task.as_ref()).expect("a `JoinHandle` was polled after `Ready`");
        let state = task.join_state();
        let mut result = task.may_be_over().then(|| state.take()).flatten();
        if result.is_none() {
            if state.wait(cx.waker()) {
                this.awaited = true;
                return Poll::Pending;
            }
            result = state.take();
        }
        this.task = None;
        Poll::Ready(result.expect("there is one handle, and it forgets the task after `Ready`"))
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let Some(task) = &self.task else {
            return;
        };
        if task.detach() || self.awaited {
            task.join_state().close();
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
