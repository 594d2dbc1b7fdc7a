// expect: fail lost-in-poll
//! Makes tasks of its own, and takes the future out of its slot to poll it without a lock: another worker that comes
//! for the same task finds nothing, and forgets the wake (S3-06; redbadger/crux #269).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Weak;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use crate::context::{self, Handle};
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

pub struct ThreadPool {
    shared: Arc<Shared>,
    workers: Vec<thread::JoinHandle<()>>,
}

#[derive(Clone)]
pub struct PoolHandle {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Arc<dyn Run>>,
    alive: Vec<Weak<dyn Run>>,
    closed: bool,
}

/// A task of its own making.
struct Task<F: Future> {
    future: Mutex<Option<Pin<Box<F>>>>,
    join: JoinState<F::Output>,
    queued: AtomicBool,
    shared: Arc<Shared>,
}

trait Run: Send + Sync {
    fn run(self: Arc<Self>);
    fn cancel(&self);
}

impl<F> Wake for Task<F>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, SeqCst) {
            let shared = Arc::clone(&self.shared);
            shared.push(self);
        }
    }
}

impl<F> Joinable<F::Output> for Task<F>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn join_state(&self) -> &JoinState<F::Output> {
        &self.join
    }

    fn abort(self: Arc<Self>) {
        self.cancel();
    }
}

impl<F> Run for Task<F>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn run(self: Arc<Self>) {
        self.queued.store(false, SeqCst);
        let waker = Waker::from(Arc::clone(&self));
        let mut cx = Context::from_waker(&waker);
        let Some(mut future) = lock(&self.future).take() else { return };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| future.as_mut().poll(&mut cx)));
        match result {
            Ok(Poll::Pending) => *lock(&self.future) = Some(future),
            Ok(Poll::Ready(output)) => {
                drop(future);
                self.join.finish(Ok(output));
            }
            Err(panic) => {
                drop(future);
                self.join.finish(Err(JoinError::Panicked(panic)));
            }
        }
    }

    fn cancel(&self) {
        let future = lock(&self.future).take();
        if future.is_some() {
            drop(future);
            self.join.finish(Err(JoinError::Cancelled));
        }
    }
}

impl ThreadPool {
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self::with_start(threads, || ())
    }

    #[must_use]
    pub fn with_start(threads: usize, start: impl Fn() + Send + Sync + 'static) -> Self {
        assert!(threads > 0, "a pool without threads runs nothing");
        let shared = Arc::new(Shared {
            state: Mutex::new(State::default()),
            work: Condvar::new(),
        });
        let start = Arc::new(start);
        let workers = (0..threads).map(|_| {
            let (shared, start) = (Arc::clone(&shared), Arc::clone(&start));
            thread::spawn(move || {
                let pool = PoolHandle { shared: Arc::clone(&shared) };
                let _current = context::set(Handle::Pool(pool));
                start();
                drop(start);
                shared.work();
            })
        });
        let workers = workers.collect();
        Self { shared, workers }
    }

    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle().spawn(future)
    }

    #[must_use]
    pub fn handle(&self) -> PoolHandle {
        PoolHandle { shared: Arc::clone(&self.shared) }
    }
}

impl PoolHandle {
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            join: JoinState::new(),
            queued: AtomicBool::new(true),
            shared: Arc::clone(&self.shared),
        });
        let run: Arc<dyn Run> = task.clone();
        lock(&self.shared.state).alive.push(Arc::downgrade(&run));
        self.shared.push(run);
        JoinHandle::new(task)
    }
}

impl Shared {
    fn push(&self, task: Arc<dyn Run>) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            return task.cancel();
        }
        state.ready.push_back(task);
        drop(state);
        self.work.notify_one();
    }

    fn work(&self) {
        while let Some(task) = self.next() {
            task.run();
        }
    }

    fn next(&self) -> Option<Arc<dyn Run>> {
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return None;
            }
            if let Some(next) = state.ready.pop_front() {
                return Some(next);
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.closed = true;
        let ready = std::mem::take(&mut state.ready);
        let alive = std::mem::take(&mut state.alive);
        drop(state);
        self.shared.work.notify_all();
        for worker in self.workers.drain(..) {
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
        drop(ready);
        for task in alive.iter().filter_map(Weak::upgrade) {
            task.cancel();
        }
    }
}

impl fmt::Debug for ThreadPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadPool").finish_non_exhaustive()
    }
}

impl fmt::Debug for PoolHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolHandle").finish_non_exhaustive()
    }
}
