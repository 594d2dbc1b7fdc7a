// expect: pass
//! A channel as the queue: the receiver is locked to take a task out, and not while the task is polled. Each worker
//! is told of the end by a message of its own.

use std::collections::HashMap;
use std::fmt;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::Waker;
use std::thread;

use crate::context::{self, Handle};
use crate::lock::lock;
use crate::sync::{Arc, Mutex};
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
    queue: Mutex<Receiver<Message>>,
}

/// A task to be polled, or the end.
type Message = Option<(u64, Runnable)>;

struct State {
    ready: Sender<Message>,
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
        let (ready, queue) = mpsc::channel();
        let state = State { ready, alive: HashMap::new(), next: 0, closed: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), queue: Mutex::new(queue) });
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
        let state = lock(&self.state);
        if state.closed {
            drop(state);
            return drop(runnable);
        }
        let message = Some((key, runnable));
        state.ready.send(message).expect("the receiver is beside the sender");
    }

    fn work(&self) {
        while let Some((key, runnable)) = self.next() {
            if runnable.run().is_ready() {
                let waker = lock(&self.state).alive.remove(&key);
                drop(waker);
            }
        }
    }

    fn next(&self) -> Message {
        if lock(&self.state).closed {
            return None;
        }
        let message = lock(&self.queue).recv().expect("the sender is beside the receiver");
        // What stands before the end in the queue is not run any more.
        if lock(&self.state).closed { None } else { message }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.closed = true;
        for _ in &self.workers {
            state.ready.send(None).expect("the receiver is beside the sender");
        }
        let alive = std::mem::take(&mut state.alive);
        drop(state);
        for worker in self.workers.drain(..) {
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
        loop {
            let left = lock(&self.shared.queue).try_recv();
            let Ok(left) = left else { break };
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
