//! Where `spawn` without a spawner goes: to the executor that runs on this thread.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::{Executor, JoinHandle, PoolHandle, Spawner};

/// Something that tasks can be spawned on.
#[derive(Clone, Debug)]
pub enum Handle {
    /// An executor on one thread.
    Spawner(Spawner),
    /// A pool of threads.
    Pool(PoolHandle),
}

thread_local! {
    /// The handles of the executors that were entered on this thread, the innermost last. In an
    /// `Rc`, so that each `spawn` gets hold of one without an atomic step, which would be two.
    static CURRENT: RefCell<Vec<Rc<Handle>>> = const { RefCell::new(Vec::new()) };
}

/// Makes `handle` the place where [`spawn`] on this thread goes, until the guard is dropped.
///
/// ```
/// use executor::context::{self, Handle};
///
/// let (mut executor, spawner) = executor::new_executor_and_spawner();
/// let current = context::set(Handle::Spawner(spawner));
/// let task = executor::spawn(async { 6 * 7 });
/// drop(current);
/// executor.run();
/// assert!(task.is_finished());
/// ```
pub fn set(handle: Handle) -> Current {
    CURRENT.with_borrow_mut(|current| current.push(Rc::new(handle)));
    Current {
        _not_send: PhantomData,
    }
}

/// Keeps a handle current; see [`set`].
#[derive(Debug)]
#[must_use = "the handle is current only as long as this lives"]
pub struct Current {
    /// Tied to its thread.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Current {
    fn drop(&mut self) {
        let handle = CURRENT.with_borrow_mut(Vec::pop);
        // With the variable free again: a handle's `Drop` may come back here.
        drop(handle);
    }
}

/// The handle that is current on this thread.
#[must_use]
pub fn current() -> Option<Handle> {
    Some(Handle::clone(&*innermost()?))
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
    match innermost().as_deref() {
        Some(Handle::Spawner(spawner)) => spawner.spawn(future),
        Some(Handle::Pool(pool)) => pool.spawn(future),
        None => panic!("`spawn` was called where no executor runs: use the `spawn` of a spawner"),
    }
}

/// Calls `act` on behalf of an executor: what `act` spawns and wakes counts as from a task of it, and
/// so needs no lock. For a driver that polls a future of its own beside the tasks.
///
/// It saves time, and nothing depends on it: an executor that knows no such thing may leave it out.
pub fn within<R>(executor: &mut Executor, act: impl FnOnce() -> R) -> R {
    // The executor of the exercise has one queue, which is always there.
    #[cfg(feature = "my-run")]
    let (_, result) = (executor, act());
    #[cfg(not(feature = "my-run"))]
    let result = executor.within(act);
    result
}

fn innermost() -> Option<Rc<Handle>> {
    CURRENT.with_borrow(|current| current.last().cloned())
}
