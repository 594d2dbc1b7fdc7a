//! An executor of many threads.
//!
//! Any worker may poll any task: one that waits on one thread may go on, when it is woken, on
//! another. That is why a pool asks for futures that are `Send`. What a worker does is simple: take
//! a task, poll it once, and take the next. If it is pending, nothing has to be put back: the waker
//! that the task has left somewhere brings it into a queue again.
//!
//! The parts have files of their own: what a worker does all day is `worker.rs`, the queues are
//! `run_queues.rs`, the sleep is `idle.rs`, and the list of all tasks, which the pool's end needs, is
//! `alive.rs`.

use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use crate::JoinHandle;
use crate::alive::{Alive, Key};
use crate::context::{self, Handle};
use crate::enter::enter;
use crate::idle::Idle;
use crate::run_queues::{Pushed, RunQueues};
use crate::task::{self, Runnable};
use crate::worker::Worker;

/// Threads that share their tasks.
///
/// Dropping it lets the polls that run come to their end, and ends the threads. Tasks that are not
/// done by then are dropped, and their handles get [`Cancelled`](crate::JoinError::Cancelled). It
/// may be dropped by one of its own tasks: then that thread ends when the poll does.
///
/// ```
/// use executor::{ThreadPool, block_on};
///
/// let pool = ThreadPool::new(2);
/// let task = pool.spawn(async { executor::spawn(async { 20 }).await.unwrap() + 1 });
/// assert_eq!(block_on(task).unwrap(), 21);
/// ```
pub struct ThreadPool {
    shared: Arc<Shared>,
    workers: Vec<thread::JoinHandle<()>>,
}

/// Spawns tasks on a [`ThreadPool`], from any thread. It does not keep the pool alive: what is
/// spawned when the pool is gone is dropped at once.
#[derive(Clone)]
pub struct PoolHandle {
    shared: Arc<Shared>,
}

/// What the workers and the handles have in common.
pub(crate) struct Shared {
    pub(crate) queues: RunQueues,
    pub(crate) idle: Idle,
    pub(crate) alive: Alive,
    /// Set once, when the workers are to end.
    pub(crate) closed: AtomicBool,
    threads: usize,
}

thread_local! {
    /// Which worker of which pool (by the address of its `Shared`) this thread is.
    static WORKER: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

impl ThreadPool {
    /// A pool of so many threads.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is 0, and if the operating system has no thread left to give.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self::with_start(threads, || {})
    }

    /// A pool whose threads call `start` before their first task. A thread on which it panics ends.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    #[must_use]
    pub fn with_start(threads: usize, start: impl Fn() + Send + Sync + 'static) -> Self {
        assert!(threads > 0, "without a thread no task would ever run");
        let shared = Arc::new(Shared::new(threads));
        let start = Arc::new(start);
        let mut pool = Self {
            shared,
            workers: Vec::with_capacity(threads),
        };
        for index in 0..threads {
            let shared = Arc::clone(&pool.shared);
            let start = Arc::clone(&start);
            let builder = thread::Builder::new().name(format!("pool-{index}"));
            let worker = builder.spawn(move || work(shared, index, &*start));
            // If this panics, the pool is dropped, and with it the threads that it has.
            (pool.workers).push(worker.expect("the operating system has a thread to give"));
        }
        pool
    }

    /// Spawns a task.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.shared.spawn(future)
    }

    /// A handle to spawn with, where the pool itself is not at hand.
    #[must_use]
    pub fn handle(&self) -> PoolHandle {
        PoolHandle {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl PoolHandle {
    /// Spawns a task.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.shared.spawn(future)
    }
}

impl Shared {
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            queues: RunQueues::new(threads),
            idle: Idle::new(threads),
            alive: Alive::new(4 * threads),
            closed: AtomicBool::new(false),
            threads,
        }
    }

    pub(crate) fn spawn<F>(self: &Arc<Self>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let make = |key| {
            let shared = Arc::clone(self);
            let schedule = move |runnable| shared.push(runnable, key);
            let (runnable, handle) = task::spawn(future, schedule);
            (key, runnable, handle)
        };
        let (key, runnable, handle) = self.alive.add(make, |(_, runnable, _)| runnable.waker());
        self.push(runnable, key);
        handle
    }

    /// Queues a job, and sees to it that a worker comes for it.
    fn push(self: &Arc<Self>, runnable: Runnable, key: Key) {
        match self.queues.push(self.worker(), runnable, key) {
            Ok(Pushed::Queued) => self.idle.notify(),
            Ok(Pushed::Next) => self.idle.notify_watcher(),
            // The pool is gone: without its runnable the task is over.
            Err(runnable) => drop(runnable),
        }
    }

    /// Which of this pool's workers this thread is, if it is one.
    fn worker(&self) -> Option<usize> {
        let (pool, index) = WORKER.get()?;
        (pool == self.address()).then_some(index)
    }

    /// Makes this thread a worker, or makes it none again.
    pub(crate) fn set_worker(&self, index: Option<usize>) {
        WORKER.set(index.map(|index| (self.address(), index)));
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// What a thread does.
fn work(shared: Arc<Shared>, index: usize, start: &dyn Fn()) {
    let _entered = enter("a thread pool's worker");
    shared.set_worker(Some(index));
    let _current = context::set(Handle::Pool(PoolHandle {
        shared: Arc::clone(&shared),
    }));
    start();
    let mut worker = Worker::new(shared, index);
    // A panic in a task is the task's: it is caught in `run`. This one is for what a task's end
    // calls, the waker of somebody who has waited for it.
    while catch_unwind(AssertUnwindSafe(|| worker.run())).is_err() {}
    worker.shared.set_worker(None);
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.closed.store(true, SeqCst);
        self.shared.idle.notify_all();
        let this_thread = thread::current().id();
        for worker in self.workers.drain(..) {
            if worker.thread().id() != this_thread {
                let _ = worker.join();
            }
        }
        let Shared { queues, alive, .. } = &*self.shared;
        // A task that waits is woken, and so stands in a queue like the others. They are dropped from
        // there, one after the other: what that wakes comes into the queues. If it were dropped
        // within the wake, a chain of tasks that wait for each other would be as many nested calls.
        for waker in alive.close() {
            waker.wake();
        }
        while let Some(job) = queues.pop_any() {
            drop(job);
        }
        drop(queues.close());
    }
}

impl fmt::Debug for ThreadPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadPool")
            .field("threads", &self.shared.threads)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PoolHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolHandle").finish_non_exhaustive()
    }
}
