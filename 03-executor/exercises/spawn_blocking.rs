//! # Spawn blocking: work that blocks, on threads that may be blocked
//!
//! A task that reads a file or computes for a second keeps its thread for as long, and all other tasks
//! of that thread wait. Write `spawn_blocking`: it hands a closure to a thread that has nothing else to
//! do, and gives back a future of what the closure returns. The threads come from a pool that makes them
//! when they are needed, up to a bound, and lets them go when they are not.
//!
//! What is checked:
//!
//! 1. The closure runs on another thread than the caller's, and the future gives what it returns. It
//!    begins at once, whether the future is polled or not. Neither the call nor a poll waits for it.
//! 2. `BlockingPool::new(n, …)` runs `n` closures at once, and never more than `n`: what is over the
//!    bound waits in a queue, and is run in the end.
//! 3. A thread that has finished takes the next closure. It sleeps while there is none; after
//!    `keep_alive` it ends, and the next closure gets a new one. A closure that comes just when a
//!    thread goes to sleep or ends is not missed. `Duration::MAX` does not panic.
//! 4. A panic arrives as `Err` with its payload, and costs no thread.
//! 5. A closure may hand over another one.
//! 6. The task is woken when the result is there: the one that polled last. It may be polled the moment
//!    it is woken, and finds the future `Ready`; and a result that comes in the middle of a poll is not
//!    missed.
//! 7. Dropping the future does not stop the closure, not even one that has not begun.
//! 8. Dropping a `BlockingPool` drops the closures that have not begun, and their futures get
//!    `Cancelled`. What has begun comes to its end. All threads end, and nobody waits for them.
//!
//! Settled: a pool of 0 threads may panic. How many threads the pool behind `spawn_blocking` may have is
//! yours, a hundred or so; it is never dropped. Polled after `Ready`, the future may do anything. Nothing
//! here needs `executor::spawn` in a closure. Take `Arc`, `Mutex` and `Condvar` from `crate::sync`: they
//! are those of std, but the check puts its own there, and lets something happen exactly between two steps.
//!
//! Read first: README.md, "Work that blocks". Do `join_handle` before this. About 45 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise spawn_blocking`. Stuck: `cargo xtask hint spawn_blocking`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::JoinError;
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

/// Calls `f` on a thread of its own, and gives a future of what it returns.
///
/// It starts at once, whether the future is polled or not, and dropping the future does not stop
/// it. The threads are those of one pool for the whole process.
pub fn spawn_blocking<F, T>(f: F) -> SpawnBlocking<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    todo!("one `BlockingPool` for the process: a `LazyLock` in a `static`")
}

/// Threads for work that blocks.
///
/// Dropping it drops what no thread has begun, whose futures get
/// [`Cancelled`](JoinError::Cancelled); what has begun goes on, and nobody waits for it.
pub struct BlockingPool {
    // What do the caller and the threads have in common?
}

impl BlockingPool {
    /// A pool that starts a thread when work comes and none is idle, up to `max_threads`. A thread
    /// that has been idle for `keep_alive` ends.
    ///
    /// # Panics
    ///
    /// If `max_threads` is 0.
    #[must_use]
    pub fn new(max_threads: usize, keep_alive: Duration) -> Self {
        todo!("no thread yet")
    }

    /// Calls `f` on one of the threads: see [`spawn_blocking`].
    ///
    /// # Panics
    ///
    /// If there is no thread yet, and the operating system has none to give.
    pub fn spawn<F, T>(&self, f: F) -> SpawnBlocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        todo!(
            "queue a closure that calls `f` and leaves the result; see that a thread comes for it"
        )
    }
}

/// Made by [`spawn_blocking`]: a future of what the closure returns, or of its panic.
#[must_use = "the closure runs, but nobody hears of its result or its panic"]
pub struct SpawnBlocking<T>(Arc<Mutex<Shared<T>>>);

/// What the future and the thread have in common.
struct Shared<T> {
    value: Option<Result<T, JoinError>>,
    // What else does the thread need, to reach the task?
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("Ready if the value is there; else leave the waker for the thread")
    }
}

impl<T> fmt::Debug for SpawnBlocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnBlocking").finish_non_exhaustive()
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPool").finish_non_exhaustive()
    }
}
