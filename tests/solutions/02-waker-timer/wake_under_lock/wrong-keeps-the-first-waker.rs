// expect: fail stale-waker
//! Never replaces a waker, so that none has to be dropped (S2-01).

use std::collections::BTreeMap;
use std::mem;
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
        state.waiters.entry(self.number).or_insert_with(|| cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let waker = self.shared.lock().unwrap().waiters.remove(&self.number);
        drop(waker);
    }
}

/// What the clock calls when the time has come.
fn ring(shared: &Mutex<State>) {
    let waiters = {
        let mut state = shared.lock().unwrap();
        state.rung = true;
        mem::take(&mut state.waiters)
    };
    for waker in waiters.into_values() {
        waker.wake();
    }
}
