// expect: pass
//! All timers of the program in one map, ordered by their ends; every ring wakes whoever is due.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::clock;
use crate::sync::Mutex;

/// Who waits, by end and by number: two timers may end at the same time.
static WAITING: Mutex<BTreeMap<(Instant, u64), Waker>> = Mutex::new(BTreeMap::new());
static NUMBER: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
pub struct TimerFuture {
    key: Option<(Instant, u64)>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let end = clock::now().checked_add(duration);
        clock::ring_after(duration, wake_all_due);
        TimerFuture { key: end.map(|end| (end, NUMBER.fetch_add(1, Relaxed))) }
    }
}

fn wake_all_due() {
    let due = {
        let mut waiting = WAITING.lock().unwrap();
        let later = waiting.split_off(&(clock::now(), u64::MAX));
        std::mem::replace(&mut *waiting, later)
    };
    for waker in due.into_values() {
        waker.wake();
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(key) = self.key else { return Poll::Pending };
        WAITING.lock().unwrap().insert(key, cx.waker().clone());
        // Looks after it has registered: the ring may have come before.
        if clock::now() < key.0 {
            return Poll::Pending;
        }
        WAITING.lock().unwrap().remove(&key);
        Poll::Ready(())
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            WAITING.lock().unwrap().remove(&key);
        }
    }
}
