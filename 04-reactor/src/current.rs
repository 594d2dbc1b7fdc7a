//! The current reactor: where the sockets and timers of a thread go.
//!
//! A future that opens a socket does not know which runtime polls it. To hand it a reactor would
//! mean to hand one through every function on the way. So each thread knows a current one.

use std::cell::RefCell;
use std::marker::PhantomData;

use crate::Reactor;

thread_local! {
    /// The reactors that were entered on this thread, the innermost last.
    static CURRENT: RefCell<Vec<Reactor>> = const { RefCell::new(Vec::new()) };
}

impl Reactor {
    /// The reactor that new sockets and timers of this thread go to.
    ///
    /// # Panics
    ///
    /// Panics if there is none: sockets and timers are made inside a runtime.
    #[must_use]
    pub fn current() -> Self {
        let current = Self::try_current();
        current.unwrap_or_else(|| {
            panic!(
                "there is no reactor on this thread: make sockets and timers inside \
                 `Runtime::block_on` or a task of a runtime, or `enter` a reactor before"
            )
        })
    }

    /// The reactor that new sockets and timers of this thread go to, if there is one.
    #[must_use]
    pub fn try_current() -> Option<Self> {
        // A destructor that runs when the thread ends may ask when the list is gone already.
        let current = CURRENT.try_with(|current| current.borrow().last().cloned());
        current.ok().flatten()
    }

    /// Makes this the current reactor of the thread until the guard is dropped.
    ///
    /// ```
    /// use reactor::Reactor;
    ///
    /// let reactor = Reactor::new().unwrap();
    /// assert!(Reactor::try_current().is_none());
    /// let entered = reactor.enter();
    /// assert!(Reactor::try_current().is_some());
    /// drop(entered);
    /// assert!(Reactor::try_current().is_none());
    /// ```
    pub fn enter(&self) -> EnteredReactor {
        self.enter_for_good();
        EnteredReactor {
            _not_send: PhantomData,
        }
    }

    /// Makes this the current reactor of the thread until the thread ends: for a worker of a pool.
    pub fn enter_for_good(&self) {
        CURRENT.with_borrow_mut(|current| current.push(self.clone()));
    }
}

/// Keeps a reactor current on its thread; see [`Reactor::enter`].
#[derive(Debug)]
#[must_use = "the reactor is current only as long as this lives"]
pub struct EnteredReactor {
    /// Tied to its thread.
    _not_send: PhantomData<*const ()>,
}

impl Drop for EnteredReactor {
    fn drop(&mut self) {
        let left = CURRENT.try_with(|current| current.borrow_mut().pop());
        // Here, after the list is free again: the last handle closes the selector.
        drop(left);
    }
}
