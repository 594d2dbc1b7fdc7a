//! One executor a thread: blocking on a second one inside the first would stop the first.

use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    /// What this thread is blocked in, if in anything.
    static INSIDE: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Marks the thread as running an executor until it is dropped.
#[derive(Debug)]
#[must_use = "the thread counts as free as soon as this is dropped"]
pub struct Entered {
    /// Tied to its thread.
    _not_send: PhantomData<*const ()>,
}

/// Enters an executor on this thread. `what` names it, for the message of whoever comes second.
///
/// # Panics
///
/// If this thread is inside an executor already: to block here would stop every task of that one.
///
/// ```
/// let entered = executor::enter::enter("block_on");
/// let nested = std::panic::catch_unwind(|| executor::enter::enter("run"));
/// assert!(nested.is_err());
/// drop(entered);
/// let _again = executor::enter::enter("run");
/// ```
pub fn enter(what: &'static str) -> Entered {
    if let Some(outer) = INSIDE.replace(Some(what)) {
        INSIDE.set(Some(outer));
        panic!(
            "`{what}` was called inside `{outer}` on the same thread: it would block every task that \
             runs there. `.await` the future instead, or `spawn` it"
        );
    }
    Entered {
        _not_send: PhantomData,
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        INSIDE.set(None);
    }
}
