//! # Run: a queue of tasks, and a thread that sleeps
//!
//! Tasks come into a queue: by a spawn, or by a wake, from any thread. One thread takes them out, one after the
//! other, and polls them. Write the queue, the thread's loop, and its two ends: when all is done, and when
//! somebody has had enough.
//!
//! What is checked:
//!
//! 1. `spawn` makes a task with `task::spawn` and queues it, and a wake queues it again. Both wake `unpark`:
//!    at least if the executor's thread may be asleep. So does the last spawner when it is dropped.
//! 2. `turn` polls tasks that are ready, at most `budget`, and says how many. Tasks spawn and wake others in
//!    their polls: no lock is held meanwhile. `has_ready` says whether one is left.
//! 3. The queue has no bound. Nobody starves: a task that wakes itself in every poll does not keep the
//!    others out.
//! 4. `is_done`: no task is alive, and no spawner is left. A task is alive until it is done, has panicked or was
//!    aborted: a task that waits for its wake is alive, although it lies in no queue.
//! 5. `run` runs until then, and sleeps while nothing is ready, but not as long as something is. It says that it is
//!    inside an executor with [`enter`], so that a second one inside it panics.
//! 6. Nothing is kept of a task that is over.
//! 7. When the executor is dropped, every future goes with it: queued, waiting, or keeping its own waker. The
//!    handles get `Cancelled`. What is spawned or woken after that is dropped, too. Futures are dropped where no
//!    lock is held: they may spawn in their drop.
//! 8. A wake between any two steps of `turn` and `has_ready` is not lost: either `has_ready` says yes, or `unpark`
//!    is woken. Of two threads that bring a task each at the same time, at least one wakes it; and a turn may come
//!    between any two steps of `spawn`.
//!
//! Settled: any order in which nobody starves. Extra wakes of `unpark` are fine; to wake it under a lock, or to drop the
//! last waker of a task there, passes with a remark. Take `Arc`, `Mutex` and the atomics from `crate::sync`: the check
//! puts its own there. Sleep by `Parker`, and only in `run`: whoever calls `turn` sleeps somewhere else.
//!
//! Read first: README.md, "The queue that filled itself" and "Run until the work is done"; `src/enter.rs`.
//! Do `task` before this. About 50 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise run`. Stuck: `cargo xtask hint run`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::mem;
use std::task::Waker;

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::task::{self, Runnable};
use crate::{JoinHandle, Parker};

/// An executor that sleeps on a [`Parker`] of its own, and the spawner of its tasks.
#[must_use]
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let parker = Parker::new();
    let (mut executor, spawner) = Executor::new(parker.waker());
    executor.parker = Some(parker);
    (executor, spawner)
}

/// Runs tasks on the thread that calls it.
pub struct Executor {
    /// What the executor, its spawners and its tasks have in common.
    queue: Arc<Queue>,
    /// What `run` sleeps on. `None` if somebody else drives this executor.
    parker: Option<Parker>,
}

/// Hands tasks to an executor, from any thread.
pub struct Spawner {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    /// Wakes the executor's thread.
    unpark: Waker,
}

struct State {
    // Who is ready? Who is alive, and how is that one found at the end? How many spawners are left?
}

impl Executor {
    /// An executor whose thread is made to look at the queue again by waking `unpark`: it is woken
    /// when a task becomes ready, or the last spawner goes, while the executor may be asleep.
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        todo!("an empty queue, and one spawner")
    }

    /// Polls tasks that are ready, at most `budget`, and returns how many were polled.
    pub fn turn(&mut self, budget: usize) -> usize {
        todo!("take one out, let go of the lock, run it; is it over?")
    }

    /// Whether a task is ready to be polled.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        todo!()
    }

    /// Whether no task is alive and no spawner is left: nothing can happen here any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        todo!()
    }

    /// Runs until [`is_done`](Self::is_done), asleep when nothing is ready.
    ///
    /// # Panics
    ///
    /// If this thread is inside an executor already, or if the executor was made by
    /// [`new`](Self::new): it does not know then how to sleep.
    pub fn run(&mut self) {
        let _entered = enter("run");
        todo!("turn by turn; when is it time to sleep, and when to return?")
    }
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    ///
    /// If the executor is gone, the future is dropped, and the handle gets `Cancelled`.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        todo!("`task::spawn`, with a closure that queues; a task that is spawned is alive")
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // Which tasks are in the queue, and which are not? What happens to a task whose `Runnable` is dropped?
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        todo!("one spawner more")
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        // One spawner less. Was it the last one that `run` waited for?
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}
