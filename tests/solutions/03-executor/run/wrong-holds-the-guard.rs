// expect: fail polls-under-lock
//! `while let` keeps the guard to the end of its block: the poll cannot queue anything.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::task::Waker;

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
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
    shared: Arc<Shared>,
    parker: Option<Parker>,
}

pub struct Spawner {
    shared: Arc<Shared>,
}

struct Shared {
    /// `None` when the executor is gone.
    alive: Mutex<Option<HashMap<usize, Waker>>>,
    made: AtomicUsize,
    spawners: AtomicUsize,
    ready: Mutex<Option<VecDeque<(usize, Runnable)>>>,
    unpark: Waker,
}

impl Executor {
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let shared = Arc::new(Shared {
            alive: Mutex::new(Some(HashMap::new())),
            made: AtomicUsize::new(0),
            spawners: AtomicUsize::new(1),
            ready: Mutex::new(Some(VecDeque::new())),
            unpark,
        });
        let executor = Executor {
            shared: Arc::clone(&shared),
            parker: None,
        };
        (executor, Spawner { shared })
    }

    pub fn turn(&mut self, budget: usize) -> usize {
        let mut polled = 0;
        while polled < budget
            && let Some((key, runnable)) = lock(&self.shared.ready).as_mut().and_then(VecDeque::pop_front)
        {
            polled += 1;
            if runnable.run().is_ready() {
                let waker = lock(&self.shared.alive).as_mut().and_then(|alive| alive.remove(&key));
                drop(waker);
            }
        }
        polled
    }

    #[must_use]
    pub fn has_ready(&self) -> bool {
        lock(&self.shared.ready).as_ref().is_some_and(|ready| !ready.is_empty())
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        // The spawners first: without them nothing new can come.
        self.shared.spawners.load(SeqCst) == 0 && lock(&self.shared.alive).as_ref().is_none_or(HashMap::is_empty)
    }

    pub fn run(&mut self) {
        let _entered = enter("run");
        let parker = self.parker.take().expect("made by `new_executor_and_spawner`");
        while !self.is_done() {
            if self.turn(usize::MAX) == 0 {
                parker.park();
            }
        }
        self.parker = Some(parker);
    }
}

impl Spawner {
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let key = self.shared.made.fetch_add(1, SeqCst);
        let shared = Arc::clone(&self.shared);
        let (runnable, handle) = task::spawn(future, move |runnable| shared.push(key, runnable));
        let waker = runnable.waker();
        let late = match &mut *lock(&self.shared.alive) {
            Some(alive) => alive.insert(key, waker),
            None => Some(waker),
        };
        drop(late);
        self.shared.push(key, runnable);
        handle
    }
}

impl Shared {
    fn push(&self, key: usize, runnable: Runnable) {
        let late = match &mut *lock(&self.ready) {
            Some(ready) => {
                ready.push_back((key, runnable));
                None
            }
            None => Some(runnable),
        };
        drop(late);
        self.unpark.wake_by_ref();
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let alive = lock(&self.shared.alive).take().unwrap_or_default();
        let ready = lock(&self.shared.ready).take();
        drop(ready);
        for waker in alive.into_values() {
            waker.wake();
        }
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        self.shared.spawners.fetch_add(1, SeqCst);
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        if self.shared.spawners.fetch_sub(1, SeqCst) == 1 {
            self.shared.unpark.wake_by_ref();
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
