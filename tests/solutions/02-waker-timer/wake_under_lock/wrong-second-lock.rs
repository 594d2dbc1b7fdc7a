// expect: fail wakes-under-lock
//! Puts the wakers behind a lock of their own, and wakes under that one (S2-16).

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waker_timer::clock;

/// A timer for any number of tasks.
pub struct Alarm {
    shared: Arc<State>,
}

struct State {
    rung: Mutex<bool>,
    waiters: Mutex<BTreeMap<u64, Waker>>,
    next: Mutex<u64>,
}

impl Alarm {
    /// An alarm that rings when `duration` has passed since now.
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(State {
            rung: Mutex::new(false),
            waiters: Mutex::default(),
            next: Mutex::new(0),
        });
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || ring(&in_callback));
        Alarm { shared }
    }

    /// Waits for the alarm.
    pub fn wait(&self) -> Wait {
        let mut next = self.shared.next.lock().unwrap();
        let number = *next;
        *next += 1;
        Wait {
            shared: Arc::clone(&self.shared),
            number,
        }
    }
}

/// Ready when the alarm has rung. Made by [`Alarm::wait`].
pub struct Wait {
    /// Where it finds out whether the alarm has rung, and leaves its waker.
    shared: Arc<State>,
    /// Under this number its waker is kept.
    number: u64,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let previous = self.shared.waiters.lock().unwrap().insert(self.number, cx.waker().clone());
        drop(previous);
        if *self.shared.rung.lock().unwrap() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let waker = self.shared.waiters.lock().unwrap().remove(&self.number);
        drop(waker);
    }
}

fn ring(shared: &State) {
    *shared.rung.lock().unwrap() = true;
    let mut waiters = shared.waiters.lock().unwrap();
    while let Some((_, waker)) = waiters.pop_first() {
        waker.wake();
    }
}
