// expect: pass
//! Holds the future's lock while it polls: a second worker waits its turn. Who drops a `Runnable` meanwhile does not
//! wait, and leaves the rest to the worker.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::lock::lock;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
use crate::sync::{Arc, Mutex};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

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

pub struct Runnable {
    task: Option<Arc<dyn Run>>,
}

impl Runnable {
    pub fn run(mut self) -> Poll<()> {
        let task = self.task.take();
        task.expect("only `run` and `drop` take the task").run()
    }

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

impl<F: Future, S> Task<F, S> {
    fn end(&self, future: Option<Pin<Box<F>>>, result: Result<F::Output, JoinError>) {
        if future.is_some() {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
            self.join.finish(result);
        }
    }
}

impl<F, S> Run for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn run(self: Arc<Self>) -> Poll<()> {
        let waker = self.clone().waker();
        let mut slot = lock(&self.future);
        // Before the poll: what wakes the task from here on is news.
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
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(JoinError::Panicked(payload)),
            Ok(Poll::Pending) => {
                drop(slot);
                // Whoever found the slot locked has said so before.
                if self.aborted.load(SeqCst) {
                    self.cancel();
                    return Poll::Ready(());
                }
                return Poll::Pending;
            }
        };
        let future = slot.take();
        drop(slot);
        self.end(future, result);
        Poll::Ready(())
    }

    fn waker(self: Arc<Self>) -> Waker {
        Waker::from(self)
    }

    fn cancel(&self) {
        self.aborted.store(true, SeqCst);
        let future = match self.future.try_lock() {
            Ok(mut slot) => slot.take(),
            Err(_) => None,
        };
        self.end(future, Err(JoinError::Cancelled));
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
