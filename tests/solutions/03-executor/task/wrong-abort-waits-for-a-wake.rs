// expect: fail ignored-abort
//! Marks the task, and leaves it to the next wake, which may never come.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

pub fn spawn<F, S>(future: F, schedule: S) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    let state = State {
        future: Some(Box::pin(future)),
        queued: true,
        running: false,
        aborted: false,
    };
    let task = Arc::new(Task {
        state: Mutex::new(state),
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
    state: Mutex<State<F>>,
    schedule: S,
    join: JoinState<F::Output>,
}

struct State<F> {
    future: Option<Pin<Box<F>>>,
    queued: bool,
    running: bool,
    aborted: bool,
}

impl<F, S> Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn queue(self: &Arc<Self>, abort: bool) {
        let mut state = lock(&self.state);
        state.aborted |= abort;
        let again = state.queued;
        state.queued = true;
        let waits = state.future.is_some() && !again;
        drop(state);
        if waits {
            (self.schedule)(Runnable { task: Some(self.clone()) });
        }
    }

    fn end(&self, future: Pin<Box<F>>, result: Result<F::Output, JoinError>) -> Poll<()> {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
        self.join.finish(result);
        Poll::Ready(())
    }
}

impl<F, S> Run for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn run(self: Arc<Self>) -> Poll<()> {
        let (future, aborted) = {
            let mut state = lock(&self.state);
            state.queued = false;
            state.running = true;
            (state.future.take(), state.aborted)
        };
        let Some(mut future) = future else {
            return Poll::Ready(());
        };
        if aborted {
            return self.end(future, Err(JoinError::Cancelled));
        }
        let waker = self.clone().waker();
        let mut cx = Context::from_waker(&waker);
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(output)) => return self.end(future, Ok(output)),
            Err(payload) => return self.end(future, Err(JoinError::Panicked(payload))),
        }
        let mut state = lock(&self.state);
        if state.aborted {
            drop(state);
            return self.end(future, Err(JoinError::Cancelled));
        }
        state.future = Some(future);
        state.running = false;
        let woken = state.queued;
        drop(state);
        if woken {
            (self.schedule)(Runnable { task: Some(self.clone()) });
        }
        Poll::Pending
    }

    fn waker(self: Arc<Self>) -> Waker {
        Waker::from(self)
    }

    fn cancel(&self) {
        let future = lock(&self.state).future.take();
        if let Some(future) = future {
            let _ = self.end(future, Err(JoinError::Cancelled));
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
        self.queue(false);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.queue(false);
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
        lock(&self.state).aborted = true;
    }
}
