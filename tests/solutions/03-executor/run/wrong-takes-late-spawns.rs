// expect: fail queued-after-the-end
//! Does not know that it is closed: what is spawned or woken after the end lies in a queue for ever.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::mem;
use std::task::Waker;

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::task::{self, Runnable};
use crate::{JoinHandle, Parker};

#[must_use]
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let parker = Parker::new();
    let (mut executor, spawner) = Executor::new(parker.waker());
    executor.parker = Some(parker);
    (executor, spawner)
}

pub struct Executor {
    queue: Arc<Queue>,
    parker: Option<Parker>,
}

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
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let state = State {
            ready: VecDeque::new(),
            alive: HashMap::new(),
            next: 0,
            spawners: 1,
            closed: false,
        };
        let queue = Arc::new(Queue {
            unpark,
            state: Mutex::new(state),
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

    #[must_use]
    pub fn has_ready(&self) -> bool {
        !lock(&self.queue.state).ready.is_empty()
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        let state = lock(&self.queue.state);
        state.alive.is_empty() && state.spawners == 0
    }

    pub fn run(&mut self) {
        let _entered = enter("run");
        loop {
            self.turn(usize::MAX);
            if self.is_done() {
                return;
            }
            let parker = self.parker.as_ref();
            parker.expect("made by `new_executor_and_spawner`").park();
        }
    }
}

impl Spawner {
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
        let (runnable, handle) = task::spawn(future, move |runnable| queue.push(key, runnable, None));
        let waker = runnable.waker();
        self.queue.push(key, runnable, Some(waker));
        handle
    }
}

impl Queue {
    /// Queues a task, a new one with its waker.
    fn push(&self, key: u64, runnable: Runnable, waker: Option<Waker>) {
        let mut state = lock(&self.state);
        state.ready.push_back((key, runnable));
        if let Some(waker) = waker {
            state.alive.insert(key, waker);
        }
        drop(state);
        self.unpark.wake_by_ref();
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
        // A wake makes a `Runnable`, and finds the queue closed.
        for waker in alive.into_values() {
            waker.wake();
        }
        let woken = mem::take(&mut lock(&self.queue.state).ready);
        drop(woken);
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
