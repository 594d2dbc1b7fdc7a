// expect: fail check-then-register
//! Where `may_be_over` says no, leaves a waker without a look at the result: it may have come since.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::{JoinError, Joinable};

/// The place where a task leaves its result, and its handle finds it.
pub struct JoinState<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    result: Option<Result<T, JoinError>>,
    waker: Option<Waker>,
    finished: bool,
}

impl<T> JoinState<T> {
    /// No result yet, and nobody who waits for one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                result: None,
                waker: None,
                finished: false,
            }),
        }
    }

    /// Publishes the result, and wakes who waits for it. Called once, by the task.
    pub fn finish(&self, result: Result<T, JoinError>) {
        let mut state = lock(&self.state);
        state.result = Some(result);
        state.finished = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A task's handle: a future of its result. Dropped, it lets the task go on.
pub struct JoinHandle<T> {
    /// The task, and in it the `JoinState`.
    task: Arc<dyn Joinable<T>>,
}

impl<T> JoinHandle<T> {
    /// The handle of this task. There is one of each task.
    #[must_use]
    pub fn new(task: Arc<dyn Joinable<T>>) -> Self {
        Self { task }
    }

    /// Asks for the task's end. Its future is dropped where the executor runs, and the result is
    /// [`JoinError::Cancelled`], unless the task comes to its end by itself before that.
    pub fn abort(&self) {
        Arc::clone(&self.task).abort();
    }

    /// Whether the result is there (or has been given out).
    #[must_use]
    pub fn is_finished(&self) -> bool {
        lock(&self.task.join_state().state).finished
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.task.may_be_over() {
            let mut state = lock(&self.task.join_state().state);
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut state = lock(&self.task.join_state().state);
        if let Some(result) = state.result.take() {
            return Poll::Ready(result);
        }
        let old = state.waker.replace(cx.waker().clone());
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let waker = lock(&self.task.join_state().state).waker.take();
        drop(waker);
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
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}
