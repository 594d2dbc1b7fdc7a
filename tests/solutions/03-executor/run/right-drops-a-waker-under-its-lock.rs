// expect: pass with advice drops-under-lock
//! Takes a task that is over off the list in a statement of its own, and drops its waker at the end of that statement:
//! before the guard.

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
    ready: VecDeque<(u64, Runnable)>,
    /// Every task that is not over. At the end, the waker brings a waiting one back to be dropped.
    alive: HashMap<u64, Waker>,
    next_id: u64,
    spawners: usize,
    closed: bool,
}

impl Queue {
    fn push(&self, id: u64, runnable: Runnable) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            drop(runnable);
            return;
        }
        state.ready.push_back((id, runnable));
        drop(state);
        self.unpark.wake_by_ref();
    }
}

impl Executor {
    /// An executor whose thread is made to look at the queue again by waking `unpark`: it is woken
    /// when a task becomes ready, or the last spawner goes, while the executor may be asleep.
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let queue = Arc::new(Queue {
            state: Mutex::new(State {
                ready: VecDeque::new(),
                alive: HashMap::new(),
                next_id: 0,
                spawners: 1,
                closed: false,
            }),
            unpark,
        });
        let executor = Executor {
            queue: Arc::clone(&queue),
            parker: None,
        };
        (executor, Spawner { queue })
    }

    /// Polls tasks that are ready, at most `budget`, and returns how many were polled.
    pub fn turn(&mut self, budget: usize) -> usize {
        let mut polled = 0;
        while polled < budget {
            let next = lock(&self.queue.state).ready.pop_front();
            let Some((id, runnable)) = next else { break };
            polled += 1;
            if runnable.run().is_ready() {
                lock(&self.queue.state).alive.remove(&id);
            }
        }
        polled
    }

    /// Whether a task is ready to be polled.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        !lock(&self.queue.state).ready.is_empty()
    }

    /// Whether no task is alive and no spawner is left: nothing can happen here any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let state = lock(&self.queue.state);
        state.alive.is_empty() && state.spawners == 0
    }

    /// Runs until [`is_done`](Self::is_done), asleep when nothing is ready.
    ///
    /// # Panics
    ///
    /// If this thread is inside an executor already, or if the executor was made by
    /// [`new`](Self::new): it does not know then how to sleep.
    pub fn run(&mut self) {
        let _entered = enter("run");
        while !self.is_done() {
            self.turn(64);
            if !self.has_ready() && !self.is_done() {
                self.parker
                    .as_ref()
                    .expect("made by `new`: no parker")
                    .park();
            }
        }
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
        let id = {
            let mut state = lock(&self.queue.state);
            state.next_id += 1;
            state.next_id
        };
        let queue = Arc::clone(&self.queue);
        let (runnable, handle) = task::spawn(future, move |runnable| queue.push(id, runnable));
        let waker = runnable.waker();
        let mut state = lock(&self.queue.state);
        if !state.closed {
            state.alive.insert(id, waker);
        }
        drop(state);
        self.queue.push(id, runnable);
        handle
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.closed = true;
        let ready = mem::take(&mut state.ready);
        let alive = mem::take(&mut state.alive);
        drop(state);
        drop(ready);
        for waker in alive.into_values() {
            waker.wake();
        }
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        lock(&self.queue.state).spawners += 1;
        Spawner {
            queue: Arc::clone(&self.queue),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.spawners -= 1;
        let last = state.spawners == 0;
        drop(state);
        if last {
            self.queue.unpark.wake_by_ref();
        }
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
