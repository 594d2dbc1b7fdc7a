// expect: pass
//! The state as an enum, with the future in it: what cannot be, cannot be written down.

use std::fmt;
use std::mem;
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
    let state = State::Queued(Box::pin(future));
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

enum State<F> {
    Waiting(Pin<Box<F>>),
    Queued(Pin<Box<F>>),
    /// Queued, and to be dropped.
    Aborted(Pin<Box<F>>),
    /// A worker has the future.
    Running,
    RunningAndWoken,
    RunningAndAborted,
    Over,
}

impl<F, S> Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn queue(self: &Arc<Self>, abort: bool) {
        let mut state = lock(&self.state);
        let waits = matches!(*state, State::Waiting(_));
        *state = match (mem::replace(&mut *state, State::Over), abort) {
            (State::Waiting(future), false) => State::Queued(future),
            (State::Waiting(future) | State::Queued(future), true) => State::Aborted(future),
            (State::Running, false) => State::RunningAndWoken,
            (State::Running | State::RunningAndWoken, true) => State::RunningAndAborted,
            (other, _) => other,
        };
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
        let before = mem::replace(&mut *lock(&self.state), State::Running);
        let mut future = match before {
            State::Queued(future) => future,
            State::Aborted(future) => {
                *lock(&self.state) = State::Over;
                return self.end(future, Err(JoinError::Cancelled));
            }
            _ => unreachable!("there is one `Runnable`, and it is queued"),
        };
        let waker = self.clone().waker();
        let mut cx = Context::from_waker(&waker);
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(output)) => {
                *lock(&self.state) = State::Over;
                return self.end(future, Ok(output));
            }
            Err(payload) => {
                *lock(&self.state) = State::Over;
                return self.end(future, Err(JoinError::Panicked(payload)));
            }
        }
        let mut state = lock(&self.state);
        let woken = matches!(*state, State::RunningAndWoken);
        *state = match *state {
            State::Running => State::Waiting(future),
            State::RunningAndWoken => State::Queued(future),
            _ => {
                *state = State::Over;
                drop(state);
                return self.end(future, Err(JoinError::Cancelled));
            }
        };
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
        let state = mem::replace(&mut *lock(&self.state), State::Over);
        if let State::Queued(future) | State::Aborted(future) = state {
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
        self.queue(true);
    }
}
