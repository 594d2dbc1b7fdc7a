//! # Thread pool: many threads, one lot of tasks
//!
//! An executor on one thread uses one processor. A pool has several workers, and any of them polls any
//! task that is ready: that is why `spawn` asks for futures that are `Send`. What a worker does is soon
//! said: take a task that is ready, poll it once, take the next, and sleep when there is none. How to
//! come to an end is the longer half of this exercise.
//!
//! What is checked:
//!
//! 1. A task runs on one of the pool's threads, and its handle gives what comes out.
//! 2. A task that waits goes on when any thread wakes it.
//! 3. As many tasks as there are threads run at once, and no worker sleeps while a task is ready.
//! 4. `start` is called once on each worker, before its first task.
//! 5. `executor::spawn` works inside tasks: it spawns on this pool. So does a `PoolHandle`.
//! 6. No task is polled on two workers at once, and a wake in the middle of a poll is kept.
//! 7. A panic in a task is an error for its handle, and costs no worker.
//! 8. Workers with nothing to do sleep. A task that comes just then is not missed, nor is the pool's end.
//! 9. A task that is over leaves nothing behind in the pool.
//! 10. Dropping the pool lets the polls that run come to their end, ends all threads and waits for
//!     them. It drops all other tasks, queued or waiting, also those that keep a waker of their own, and
//!     their handles get `Cancelled`. Dropping such a task may wake and spawn others.
//! 11. A task may drop its own pool. Only its own worker cannot be waited for: it ends after that poll.
//! 12. What is spawned when the pool is gone, or going, is `Cancelled`. A `PoolHandle` does not keep the
//!     pool alive.
//!
//! Settled: which of the ready tasks comes first is yours, and so is whether threads start in `new` or
//! with the first tasks. A pool of 0 threads may panic. Take `Arc`, `Mutex` and `Condvar` from
//! `crate::sync`: they are those of std, but the check puts its own there, and lets something happen
//! exactly between two steps.
//!
//! Given: `task::spawn(future, schedule)` makes a task. It calls `schedule` with a `Runnable` whenever
//! the task has to be queued, and there is never more than one `Runnable` of a task. `run` polls it
//! once, catches its panics, and says `Ready` when the task is over. A `Runnable` that is dropped takes
//! its task with it: the future is dropped, and the handle gets `Cancelled`. Its `waker` is a way to get
//! hold of a task that waits: to wake it is to have `schedule` called. With
//! `context::set(Handle::Pool(handle))`, `executor::spawn` on this thread spawns through that handle, as
//! long as you keep what `set` returns.
//!
//! Read first: README.md, "Many threads". Do `run` before this. About 60 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise thread_pool`. Stuck: `cargo xtask hint thread_pool`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::task::Waker;
use std::thread;

use crate::JoinHandle;
use crate::context::{self, Handle};
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};
use crate::task::{self, Runnable};

/// Threads that share their tasks.
///
/// Dropping it lets the polls that run come to their end, and ends the threads. Tasks that are not
/// done by then are dropped, and their handles get [`Cancelled`](crate::JoinError::Cancelled).
pub struct ThreadPool {
    /// What the workers and the handles have in common.
    shared: Arc<Shared>,
    // Who has to be waited for at the end?
}

/// Spawns tasks on a [`ThreadPool`], from any thread. It does not keep the pool alive.
#[derive(Clone)]
pub struct PoolHandle {
    shared: Arc<Shared>,
}

struct Shared {
    // Where do tasks lie that are ready? Where does an idle worker sleep? Who knows the tasks that wait?
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

    /// A pool whose threads call `start` before their first task.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    #[must_use]
    pub fn with_start(threads: usize, start: impl Fn() + Send + Sync + 'static) -> Self {
        todo!("start the workers, each with this pool as its context")
    }

    /// Spawns a task.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        todo!("`task::spawn` with a `schedule` that queues, and the first time by hand")
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
        todo!("as `ThreadPool::spawn`: which of the two is the place for it?")
    }
}

impl Shared {
    /// What a worker does.
    fn work(&self) {
        todo!("take a task, poll it, take the next; sleep if there is none; return at the end")
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        todo!("say that it is over, wait for the workers, and drop what is left")
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
