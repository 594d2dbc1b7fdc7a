//! `crate::task` for a file that is graded as a module of this program: the layer's tasks, of which each notices
//! when it is freed. With it goes what its owner did not fetch: a result, whose drop may want to spawn.

#![allow(dead_code, unused_imports, unreachable_pub)]

pub use executor::task::*;

use std::cell::Cell;

use executor::JoinHandle;

use crate::steps;

thread_local! {
    /// Whether a task was freed on this thread while it held a lock.
    static UNDER_LOCK: Cell<bool> = const { Cell::new(false) };
}

/// As the layer's.
pub fn spawn<F, S>(future: F, schedule: S) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    let freed = Freed;
    executor::task::spawn(future, move |runnable| {
        // Owned by the closure, which goes when the task is freed.
        let _ = &freed;
        schedule(runnable);
    })
}

/// Whether a task was freed on this thread under a lock, since this was last asked.
pub fn freed_under_lock() -> bool {
    UNDER_LOCK.take()
}

struct Freed;

impl Drop for Freed {
    fn drop(&mut self) {
        if steps::holds_a_lock() {
            UNDER_LOCK.set(true);
        }
    }
}
