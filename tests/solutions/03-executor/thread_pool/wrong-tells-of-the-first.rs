// expect: fail idle-worker
//! Tells a worker only when the queue was empty: of several tasks that come at once, one is told of, and the other
//! workers sleep on.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::task::Waker;
use std::thread;

use crate::context::{self, Handle};
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};
use crate::task::{self, Runnable};
use crate::JoinHandle;

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
    ready: VecDeque<(u64, Runnable)>,
    alive: HashMap<u64, Waker>,
    next: u64,
    closed: bool,
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
        let key = {
            let mut state = lock(&self.shared.state);
            state.next += 1;
            state.next
        };
        let shared = Arc::clone(&self.shared);
        let (runnable, handle) = task::spawn(future, move |runnable| shared.push(key, runnable));
        let waker = runnable.waker();
        let mut state = lock(&self.shared.state);
        if !state.closed {
            state.alive.insert(key, waker);
        }
        drop(state);
        self.shared.push(key, runnable);
        handle
    }
}

impl Shared {
    fn push(&self, key: u64, runnable: Runnable) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            return drop(runnable);
        }
        let was_empty = state.ready.is_empty();
        state.ready.push_back((key, runnable));
        drop(state);
        if was_empty {
            self.work.notify_one();
        }
    }

    fn work(&self) {
        while let Some((key, runnable)) = self.next() {
            if runnable.run().is_ready() {
                let waker = lock(&self.state).alive.remove(&key);
                drop(waker);
            }
        }
    }

    fn next(&self) -> Option<(u64, Runnable)> {
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
        for waker in alive.into_values() {
            // Leads to `push`, which drops it.
            waker.wake();
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
