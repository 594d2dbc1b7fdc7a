// expect: fail drops-under-lock
//! Wakes clones without the lock, and clears the originals under it (S2-16).

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
        let previous = state.waiters.insert(self.number, cx.waker().clone());
        drop(state);
        drop(previous);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let waker = self.shared.lock().unwrap().waiters.remove(&self.number);
        drop(waker);
    }
}

fn ring(shared: &Mutex<State>) {
    let mut state = shared.lock().unwrap();
    state.rung = true;
    let wakers: Vec<Waker> = state.waiters.values().cloned().collect();
    drop(state);
    for waker in &wakers {
        waker.wake_by_ref();
    }
    drop(wakers);
    shared.lock().unwrap().waiters.clear();
}
