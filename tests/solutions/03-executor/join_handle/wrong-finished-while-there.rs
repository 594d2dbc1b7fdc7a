// expect: fail forgets-the-end
//! Calls a task finished as long as its result lies there.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::{JoinError, Joinable};

pub struct JoinState<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    finished: bool,
    result: Option<Result<T, JoinError>>,
    waker: Option<Waker>,
}

impl<T> JoinState<T> {
    #[must_use]
    pub fn new() -> Self {
        let state = State {
            finished: false,
            result: None,
            waker: None,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    pub fn finish(&self, result: Result<T, JoinError>) {
        let mut state = lock(&self.state);
        state.finished = true;
        state.result = Some(result);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct JoinHandle<T> {
    task: Arc<dyn Joinable<T>>,
}

impl<T> JoinHandle<T> {
    #[must_use]
    pub fn new(task: Arc<dyn Joinable<T>>) -> Self {
        Self { task }
    }

    pub fn abort(&self) {
        Arc::clone(&self.task).abort();
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        lock(&self.task.join_state().state).result.is_some()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.task.join_state().state);
        if let Some(result) = state.result.take() {
            return Poll::Ready(result);
        }
        let previous = state.waker.replace(waker);
        drop(state);
        drop(previous);
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
        f.debug_struct("JoinHandle")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
