// expect: pass
//! Each task has a guard beside its future, which takes the task off the list: whichever way the future goes.

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
    ready: VecDeque<Runnable>,
    tasks: HashMap<u64, Waker>,
    next: u64,
    closed: bool,
}

struct OnTheList {
    shared: Arc<Shared>,
    key: u64,
}

impl Drop for OnTheList {
    fn drop(&mut self) {
        let waker = lock(&self.shared.state).tasks.remove(&self.key);
        drop(waker);
    }
}

impl ThreadPool {
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self::with_start(threads, || {})
    }

    #[must_use]
    pub fn with_start(threads: usize, start: impl Fn() + Send + Sync + 'static) -> Self {
        assert!(threads > 0, "a pool without threads");
        let shared = Arc::new(Shared {
            state: Mutex::new(State::default()),
            work: Condvar::new(),
        });
        let start = Arc::new(start);
        let workers = (0..threads)
            .map(|_| {
                let shared = Arc::clone(&shared);
                let start = Arc::clone(&start);
                thread::spawn(move || {
                    let handle = PoolHandle { shared: Arc::clone(&shared) };
                    let _current = context::set(Handle::Pool(handle));
                    start();
                    shared.work();
                })
            })
            .collect();
        ThreadPool { shared, workers }
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
        PoolHandle {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl PoolHandle {
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let key = {
            let mut state = lock(&self.shared.state);
            state.next += 1;
            state.next
        };
        let entry = OnTheList { shared: Arc::clone(&shared), key };
        let future = async move {
            let _entry = entry;
            future.await
        };
        let (runnable, handle) = task::spawn(future, move |runnable| shared.push(runnable));
        {
            let mut state = lock(&self.shared.state);
            if !state.closed {
                state.tasks.insert(key, runnable.waker());
            }
        }
        self.shared.push(runnable);
        handle
    }
}

impl Shared {
    fn push(&self, runnable: Runnable) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            drop(runnable);
            return;
        }
        state.ready.push_back(runnable);
        drop(state);
        self.work.notify_one();
    }

    fn work(&self) {
        while let Some(runnable) = self.next() {
            let _ = runnable.run();
        }
    }

    fn next(&self) -> Option<Runnable> {
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return None;
            }
            if let Some(runnable) = state.ready.pop_front() {
                return Some(runnable);
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        let (ready, tasks) = {
            let mut state = lock(&self.shared.state);
            state.closed = true;
            (std::mem::take(&mut state.ready), std::mem::take(&mut state.tasks))
        };
        self.shared.work.notify_all();
        for worker in self.workers.drain(..) {
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
        drop(ready);
        for waker in tasks.into_values() {
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
