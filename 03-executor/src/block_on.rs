//! Running one future on this thread: provisional.

use std::fmt;
use std::pin::pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

/// Runs a future to its end on this thread, which sleeps whenever the future waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let _entered = enter("block_on");
    let mut future = pin!(future);
    let parker = Parker::new();
    let waker = parker.waker();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        parker.park();
    }
}

/// Puts a thread to sleep until its waker is woken.
pub struct Parker {
    shared: Arc<Shared>,
}

struct Shared {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Parker {
    /// A parker that nobody has woken.
    #[must_use]
    pub fn new() -> Self {
        let shared = Shared {
            woken: Mutex::new(false),
            changed: Condvar::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Sleeps until the waker is woken; returns at once if it was since the last time.
    pub fn park(&self) {
        let mut woken = lock(&self.shared.woken);
        while !*woken {
            woken = (self.shared.changed.wait(woken)).unwrap_or_else(PoisonError::into_inner);
        }
        *woken = false;
    }

    /// Wakes the thread that parks here, from any thread.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        *lock(&self.woken) = true;
        self.changed.notify_one();
    }
}

impl Default for Parker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Parker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parker").finish_non_exhaustive()
    }
}
