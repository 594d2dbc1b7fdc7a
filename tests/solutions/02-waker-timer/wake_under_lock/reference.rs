//! An alarm for many tasks, repaired: no waker is woken or dropped while the lock is held.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waker_timer::clock;

/// A timer for any number of tasks.
pub struct Alarm {
    /// What the alarm, everybody who waits and the clock's callback have in common.
    shared: Arc<Mutex<State>>,
}

/// Locked for a few assignments only. A waker's wake and drop are somebody else's code, and may come
/// back here: they run when the lock has been released.
struct State {
    /// Whether the time has come.
    rung: bool,
    /// Whom to wake then: each `Wait` by its number.
    waiters: BTreeMap<u64, Waker>,
    /// The number of the next `Wait`.
    next: u64,
}

impl Alarm {
    /// An alarm that rings when `duration` has passed since now.
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(Mutex::new(State {
            rung: false,
            waiters: BTreeMap::new(),
            next: 0,
        }));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || ring(&in_callback));
        Alarm { shared }
    }

    /// Waits for the alarm.
    pub fn wait(&self) -> Wait {
        let mut state = lock(&self.shared);
        let number = state.next;
        state.next += 1;
        Wait {
            shared: Arc::clone(&self.shared),
            number,
        }
    }
}

/// Ready when the alarm has rung. Made by [`Alarm::wait`].
pub struct Wait {
    /// Where it finds out whether the alarm has rung, and leaves its waker.
    shared: Arc<Mutex<State>>,
    /// Under this number its waker is kept.
    number: u64,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.shared);
        if state.rung {
            return Poll::Ready(());
        }
        // The waker of an earlier poll, which may be the last one of its task.
        let previous = state.waiters.insert(self.number, cx.waker().clone());
        drop(state);
        drop(previous);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        // With `let`, the guard is gone at the end of the line. Without it, the waker would be dropped first.
        let waker = lock(&self.shared).waiters.remove(&self.number);
        drop(waker);
    }
}

/// What the clock calls when the time has come.
fn ring(shared: &Mutex<State>) {
    // Collect, release, wake.
    let waiters = {
        let mut state = lock(shared);
        state.rung = true;
        mem::take(&mut state.waiters)
    };
    for waker in waiters.into_values() {
        waker.wake();
    }
}

/// Locks, also after a panic: the state is valid between any two assignments.
fn lock(shared: &Mutex<State>) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
