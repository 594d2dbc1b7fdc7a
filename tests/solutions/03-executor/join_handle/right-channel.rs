// expect: pass
//! The result comes through a channel, the waker lies beside it: registers first, and receives after that.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
use crate::{JoinError, Joinable};

pub struct JoinState<T> {
    sender: Sender<Outcome<T>>,
    receiver: Mutex<Receiver<Outcome<T>>>,
    finished: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

type Outcome<T> = Result<T, JoinError>;

impl<T> JoinState<T> {
    #[must_use]
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            sender,
            receiver: Mutex::new(receiver),
            finished: AtomicBool::new(false),
            waker: Mutex::new(None),
        }
    }

    pub fn finish(&self, result: Result<T, JoinError>) {
        // There is a receiver: it lies beside.
        let _ = self.sender.send(result);
        self.finished.store(true, SeqCst);
        let waker = lock(&self.waker).take();
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
        self.task.join_state().finished.load(SeqCst)
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let state = self.task.join_state();
        let waker = cx.waker().clone();
        let previous = lock(&state.waker).replace(waker);
        drop(previous);
        match lock(&state.receiver).try_recv() {
            Ok(result) => Poll::Ready(result),
            Err(_) => Poll::Pending,
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let waker = lock(&self.task.join_state().waker).take();
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
