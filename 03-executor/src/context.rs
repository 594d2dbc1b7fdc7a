//! Where `spawn` without a spawner goes: to the executor that runs on this thread.

use std::cell::RefCell;

use crate::{JoinHandle, Spawner};

/// Something that tasks can be spawned on.
#[derive(Clone, Debug)]
pub enum Handle {
    /// An executor on one thread.
    Spawner(Spawner),
}

thread_local! {
    /// The handles of the executors that were entered on this thread, the innermost last.
    static CURRENT: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
}

/// Makes `handle` the place where [`spawn`] on this thread goes, until the guard is dropped.
pub fn set(handle: Handle) -> Current {
    CURRENT.with_borrow_mut(|current| current.push(handle));
    Current { _private: () }
}

/// Keeps a handle current; see [`set`].
#[derive(Debug)]
#[must_use = "the handle is current only as long as this lives"]
pub struct Current {
    _private: (),
}

impl Drop for Current {
    fn drop(&mut self) {
        let handle = CURRENT.with_borrow_mut(Vec::pop);
        drop(handle);
    }
}

/// The handle that is current on this thread.
#[must_use]
pub fn current() -> Option<Handle> {
    CURRENT.with_borrow(|current| current.last().cloned())
}

/// Spawns a task on the executor that runs on this thread.
///
/// # Panics
///
/// If none does.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match current() {
        Some(Handle::Spawner(spawner)) => spawner.spawn(future),
        None => panic!("`spawn` was called where no executor runs: use the `spawn` of a spawner"),
    }
}
