// expect: fail check-then-register
//! Looks at the flag, and registers with the `AtomicWaker` only if it has to wait; without a second look (S3-18).

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use waker_timer::AtomicWaker;

use crate::lock::lock;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::{Acquire, Release}};
use crate::{JoinError, Joinable};

pub struct JoinState<T> {
    finished: AtomicBool,
    result: Mutex<Option<Result<T, JoinError>>>,
    waker: AtomicWaker,
}

impl<T> JoinState<T> {
    #[must_use]
    pub fn new() -> Self {
        Self {
            finished: AtomicBool::new(false),
            result: Mutex::new(None),
            waker: AtomicWaker::new(),
        }
    }

    pub fn finish(&self, result: Result<T, JoinError>) {
        *lock(&self.result) = Some(result);
        self.finished.store(true, Release);
        self.waker.wake();
    }

    fn take(&self) -> Option<Result<T, JoinError>> {
        if !self.finished.load(Acquire) {
            return None;
        }
        lock(&self.result).take()
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
        self.task.join_state().finished.load(Acquire)
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let state = self.task.join_state();
        if let Some(result) = state.take() {
            return Poll::Ready(result);
        }
        state.waker.register(cx.waker());
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        drop(self.task.join_state().waker.take());
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
