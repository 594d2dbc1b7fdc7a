//! The executor: provisional.

use std::collections::{HashMap, VecDeque};
use std::fmt;
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
    queue: Arc<Queue>,
    parker: Option<Parker>,
}

/// Hands tasks to an executor, from any thread.
pub struct Spawner {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    unpark: Waker,
}

struct State {
    ready: VecDeque<(u64, Runnable)>,
    alive: HashMap<u64, Waker>,
    next: u64,
    spawners: usize,
    closed: bool,
}

impl Executor {
    /// An executor whose thread is made to look at the queue again by waking `unpark`: it is woken
    /// whenever a task becomes ready, or the last spawner goes, while the executor may be asleep.
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let queue = Arc::new(Queue {
            unpark,
            state: Mutex::new(State {
                ready: VecDeque::new(),
                alive: HashMap::new(),
                next: 0,
                spawners: 1,
                closed: false,
            }),
        });
        let spawner = Spawner {
            queue: Arc::clone(&queue),
        };
        let executor = Executor {
            queue,
            parker: None,
        };
        (executor, spawner)
    }

    /// Polls tasks that are ready, at most `budget`, and returns how many were polled.
    pub fn turn(&mut self, budget: usize) -> usize {
        for polled in 0..budget {
            let next = lock(&self.queue.state).ready.pop_front();
            let Some((key, runnable)) = next else {
                return polled;
            };
            if runnable.run().is_ready() {
                let waker = lock(&self.queue.state).alive.remove(&key);
                drop(waker);
            }
        }
        budget
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
    pub fn run(&mut self) {
        let _entered = enter("run");
        let parker = self.parker.take().expect("made by `new_executor_and_spawner`");
        loop {
            self.turn(usize::MAX);
            if self.is_done() {
                break;
            }
            parker.park();
        }
        self.parker = Some(parker);
    }
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let key = {
            let mut state = lock(&self.queue.state);
            state.next += 1;
            state.next
        };
        let queue = Arc::clone(&self.queue);
        let (runnable, handle) = task::spawn(future, move |runnable| queue.push(key, runnable));
        let waker = runnable.waker();
        lock(&self.queue.state).alive.insert(key, waker);
        self.queue.push(key, runnable);
        handle
    }
}

impl Queue {
    fn push(&self, key: u64, runnable: Runnable) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            return drop(runnable);
        }
        state.ready.push_back((key, runnable));
        drop(state);
        self.unpark.wake_by_ref();
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.closed = true;
        let ready = std::mem::take(&mut state.ready);
        let alive = std::mem::take(&mut state.alive);
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
        Self {
            queue: Arc::clone(&self.queue),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        let last = {
            let mut state = lock(&self.queue.state);
            state.spawners -= 1;
            state.spawners == 0
        };
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
