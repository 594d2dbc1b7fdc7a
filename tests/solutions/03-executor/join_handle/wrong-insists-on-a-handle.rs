// expect: fail panicked
//! Marks the slot when the handle goes, and has not thought of that mark in `finish`: the task that was let go panics at its end.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::{JoinError, Joinable};

pub struct JoinState<T> {
    state: Mutex<State<T>>,
}

enum State<T> {
    Waiting(Option<Waker>),
    Finished(Result<T, JoinError>),
    Taken,
}

impl<T> JoinState<T> {
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State::Waiting(None)),
        }
    }

    pub fn finish(&self, result: Result<T, JoinError>) {
        let before = mem::replace(&mut *lock(&self.state), State::Finished(result));
        match before {
            State::Waiting(Some(waker)) => waker.wake(),
            State::Waiting(None) => {}
            _ => unreachable!("a task ends once"),
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
        !matches!(*lock(&self.task.join_state().state), State::Waiting(_))
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut waker = Some(cx.waker().clone());
        let mut state = lock(&self.task.join_state().state);
        if let State::Waiting(waiting) = &mut *state {
            mem::swap(waiting, &mut waker);
            // The old waker is dropped after this: variables go in the reverse order.
            return Poll::Pending;
        }
        match mem::replace(&mut *state, State::Taken) {
            State::Finished(result) => Poll::Ready(result),
            _ => panic!("polled after Ready"),
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let before = mem::replace(&mut *lock(&self.task.join_state().state), State::Taken);
        drop(before);
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
