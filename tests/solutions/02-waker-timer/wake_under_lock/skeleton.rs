//! # Wake under lock: a deadlock that waits for the right executor
//!
//! An `Alarm` is a timer for many: whoever waits for it is woken when its time has come. The one below
//! gets along with every executor that only puts a woken task into a queue. With one that polls the task
//! on the spot it stands still for ever. Find each place where somebody else's code runs while the lock is
//! held, and mend it.
//!
//! What is checked:
//!
//! 1. As before: a `Wait` is Pending until the time has come, and Ready from then on. When the clock's
//!    callback returns, every task that waits has been woken, by the waker of its latest poll.
//! 2. A woken task may poll at once on another thread, before `wake` has returned, and finds the time over.
//! 3. It may do so on the same thread, from within `wake`.
//! 4. A waker that is not needed any more, because a later poll brought another or because its `Wait` is
//!    dropped, is let go at once. Whoever drops a waker does it without the lock: it may be the last one of
//!    its task, and take the task with it, and with the task another `Wait` for the same alarm.
//!
//! Settled: tasks may be woken in any order; a waker may be cloned under the lock; extra wakes are fine.
//!
//! Read first: README.md, "Never wake under a lock". Do `timer` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise wake_under_lock`. Stuck: `cargo xtask hint wake_under_lock`.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waker_timer::clock;

/// A timer for any number of tasks.
pub struct Alarm {
    /// What the alarm, everybody who waits and the clock's callback have in common.
    shared: Arc<Mutex<State>>,
}

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
        let mut state = self.shared.lock().unwrap();
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
        let mut state = self.shared.lock().unwrap();
        if state.rung {
            return Poll::Ready(());
        }
        state.waiters.insert(self.number, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.shared.lock().unwrap().waiters.remove(&self.number);
    }
}

/// What the clock calls when the time has come.
fn ring(shared: &Mutex<State>) {
    let mut state = shared.lock().unwrap();
    state.rung = true;
    while let Some((_, waker)) = state.waiters.pop_first() {
        waker.wake();
    }
}
