//! A task: provisional, a boxed future behind a mutex.

use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::lock::lock;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
use crate::sync::{Arc, Mutex};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

/// Makes a task of a future. `schedule` is called with the `Runnable` whenever the task is to run.
///
/// The task counts as queued when this returns: the caller queues, runs or drops the `Runnable`.
pub fn spawn<F, S>(future: F, schedule: S) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    let task = Arc::new(Task {
        future: Mutex::new(Some(Box::pin(future))),
        queued: AtomicBool::new(true),
        aborted: AtomicBool::new(false),
        schedule,
        join: JoinState::new(),
    });
    let handle = JoinHandle::new(task.clone());
    (Runnable { task: Some(task) }, handle)
}

/// A task that is to be polled. There is at most one of each task at a time.
pub struct Runnable {
    task: Option<Arc<dyn Run>>,
}

impl Runnable {
    /// Polls the task once; `Ready` when it is over: finished, panicked or aborted.
    pub fn run(mut self) -> Poll<()> {
        match self.task.take() {
            Some(task) => task.run(),
            None => Poll::Ready(()),
        }
    }

    /// A waker of the task.
    #[must_use]
    pub fn waker(&self) -> Waker {
        let task = self.task.clone();
        task.expect("only `run` and `drop` take the task").waker()
    }
}

impl Drop for Runnable {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.cancel();
        }
    }
}

impl fmt::Debug for Runnable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runnable").finish_non_exhaustive()
    }
}

trait Run: Send + Sync {
    fn run(self: Arc<Self>) -> Poll<()>;
    fn waker(self: Arc<Self>) -> Waker;
    fn cancel(&self);
}

struct Task<F: Future, S> {
    future: Mutex<Option<Pin<Box<F>>>>,
    queued: AtomicBool,
    aborted: AtomicBool,
    schedule: S,
    join: JoinState<F::Output>,
}

impl<F, S> Run for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn run(self: Arc<Self>) -> Poll<()> {
        let waker = Waker::from(Arc::clone(&self));
        let mut slot = lock(&self.future);
        self.queued.store(false, SeqCst);
        if self.aborted.load(SeqCst) {
            drop(slot);
            self.cancel();
            return Poll::Ready(());
        }
        let Some(future) = slot.as_mut() else {
            return Poll::Ready(());
        };
        let mut cx = Context::from_waker(&waker);
        let result = match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(JoinError::Panicked(payload)),
        };
        let future = slot.take();
        drop(slot);
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
        self.join.finish(result);
        Poll::Ready(())
    }

    fn waker(self: Arc<Self>) -> Waker {
        Waker::from(self)
    }

    fn cancel(&self) {
        let future = mem::take(&mut *lock(&self.future));
        if future.is_some() {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
            self.join.finish(Err(JoinError::Cancelled));
        }
    }
}

impl<F, S> Wake for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, SeqCst) {
            let task = Arc::clone(&self);
            (self.schedule)(Runnable { task: Some(task) });
        }
    }
}

impl<F, S> Joinable<F::Output> for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn join_state(&self) -> &JoinState<F::Output> {
        &self.join
    }

    fn abort(self: Arc<Self>) {
        self.aborted.store(true, SeqCst);
        self.wake();
    }
}
