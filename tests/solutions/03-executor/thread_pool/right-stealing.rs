// expect: pass
//! A queue for each worker, dealt out in turn; who finds nothing in the own one looks into the others. A number says
//! whether anything has come since the look.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::task::Waker;
use std::thread;

use crate::context::{self, Handle};
use crate::lock::lock;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
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
    queues: Vec<Mutex<VecDeque<(u64, Runnable)>>>,
    turn: AtomicUsize,
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    /// How many tasks have been queued.
    pushed: u64,
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
            queues: (0..threads).map(|_| Mutex::default()).collect(),
            turn: AtomicUsize::new(0),
            state: Mutex::new(State::default()),
            work: Condvar::new(),
        });
        let start = Arc::new(start);
        let workers = (0..threads).map(|index| {
            let (shared, start) = (Arc::clone(&shared), Arc::clone(&start));
            thread::spawn(move || {
                let pool = PoolHandle { shared: Arc::clone(&shared) };
                let _current = context::set(Handle::Pool(pool));
                start();
                drop(start);
                shared.work(index);
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
        let turn = self.turn.fetch_add(1, SeqCst) % self.queues.len();
        lock(&self.queues[turn]).push_back((key, runnable));
        state.pushed += 1;
        drop(state);
        self.work.notify_one();
    }

    fn work(&self, index: usize) {
        while let Some((key, runnable)) = self.next(index) {
            if runnable.run().is_ready() {
                let waker = lock(&self.state).alive.remove(&key);
                drop(waker);
            }
        }
    }

    fn next(&self, index: usize) -> Option<(u64, Runnable)> {
        let mut seen = self.pushed()?;
        loop {
            if let Some(next) = self.look(index) {
                return Some(next);
            }
            let state = lock(&self.state);
            let nothing_new = |state: &mut State| state.pushed == seen && !state.closed;
            let woken = self.work.wait_while(state, nothing_new);
            drop(woken.unwrap_or_else(PoisonError::into_inner));
            seen = self.pushed()?;
        }
    }

    /// How many tasks have been queued; `None` at the end.
    fn pushed(&self) -> Option<u64> {
        let state = lock(&self.state);
        if state.closed { None } else { Some(state.pushed) }
    }

    fn look(&self, index: usize) -> Option<(u64, Runnable)> {
        let (before, own_first) = self.queues.split_at(index);
        let mut queues = own_first.iter().chain(before);
        queues.find_map(|queue| lock(queue).pop_front())
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.closed = true;
        let alive = std::mem::take(&mut state.alive);
        drop(state);
        self.shared.work.notify_all();
        for worker in self.workers.drain(..) {
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
        for queue in &self.shared.queues {
            let left = std::mem::take(&mut *lock(queue));
            drop(left);
        }
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
