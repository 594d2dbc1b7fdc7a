//! A place for tasks that are polled on another thread than the rest.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt,
    sync::{Arc, Mutex},
    task::Waker,
};

use executor::{
    Executor, Spawner,
    context::{self, Current, Handle},
};

/// An executor that any thread may turn. Clones are the same one.
#[derive(Clone)]
pub struct Elsewhere {
    executor: Arc<Mutex<Executor>>,
    spawner: Spawner,
}

impl Elsewhere {
    pub fn new() -> Self {
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        let executor = Arc::new(Mutex::new(executor));
        Self { executor, spawner }
    }

    /// Makes it the place where this thread spawns tasks, as long as the guard lives.
    pub fn enter(&self) -> Current {
        context::set(Handle::Spawner(self.spawner.clone()))
    }

    /// Polls on this thread whoever was woken, until nobody is.
    pub fn turn(&self) {
        let _current = self.enter();
        let mut executor = self.executor.lock().expect("a task's panic is caught");
        while executor.has_ready() {
            executor.turn(1);
        }
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").finish_non_exhaustive()
    }
}
