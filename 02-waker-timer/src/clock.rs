//! The seam between the timers and time.
//!
//! Every timer of this stage asks this module for the time and for a ring later on, and nothing
//! else. So a test can put a clock of its own in the place of the real one, and let a day pass
//! without waiting for it. The replacement holds for the whole process, because the threads that a
//! timer starts must see it too.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::lock::lock;
pub use crate::real_clock::RealClock;

/// Tells the time, and rings when some of it has passed.
pub trait Clock: Send + Sync {
    /// The time now. It never goes back.
    fn now(&self) -> Instant;

    /// Calls `callback` once, when `after` has passed; never earlier, and never from inside this
    /// call. By then, [`now`](Self::now) has moved on by at least `after`.
    ///
    /// An `after` that leads past the last [`Instant`] never comes: `callback` is dropped.
    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>);
}

/// The time now.
///
/// ```
/// use waker_timer::clock;
///
/// let earlier = clock::now();
/// assert!(clock::now() >= earlier);
/// ```
pub fn now() -> Instant {
    replacement().map_or_else(Instant::now, |clock| clock.now())
}

/// Calls `callback` once on another thread, when `after` has passed and never earlier.
///
/// Zero rings too, as soon as the thread runs. [`Duration::MAX`] never does: nothing is started,
/// and `callback` is dropped.
///
/// # Panics
///
/// Panics if the operating system has no thread left to give.
///
/// ```
/// use std::{sync::mpsc, time::Duration};
/// use waker_timer::clock;
///
/// let (bell, rung) = mpsc::channel();
/// clock::ring_after(Duration::from_millis(1), move || bell.send("ding").unwrap());
/// assert_eq!(rung.recv(), Ok("ding"));
/// ```
pub fn ring_after(after: Duration, callback: impl FnOnce() + Send + 'static) {
    let callback = Box::new(callback);
    match replacement() {
        Some(clock) => clock.ring_after(after, callback),
        None => RealClock.ring_after(after, callback),
    }
}

/// Puts `clock` in the place of the real one, for all threads, until the guard is dropped.
///
/// Whoever comes second waits here until the first has dropped its guard, so that two tests with
/// clocks of their own run one after the other. A test that wants the real clock beside such tests
/// asks for it: `replace(Arc::new(RealClock))`. A second call on the thread that holds a guard
/// would wait for itself: do not nest.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use waker_timer::{ManualClock, clock};
///
/// let manual = Arc::new(ManualClock::new());
/// let _replaced = clock::replace(manual.clone());
///
/// let before = clock::now();
/// manual.advance(Duration::from_secs(3600));
/// assert_eq!(clock::now() - before, Duration::from_secs(3600));
/// ```
pub fn replace(clock: Arc<dyn Clock>) -> Replaced {
    let turn = lock(&TURN);
    set_replacement(Some(clock));
    Replaced { _turn: turn }
}

/// Keeps the real clock replaced; dropping it brings the real clock back.
#[derive(Debug)]
#[must_use = "the real clock is back as soon as this is dropped"]
pub struct Replaced {
    /// Makes the next one who wants to replace the clock wait.
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Replaced {
    fn drop(&mut self) {
        // Fields are dropped after this body: the turn is given on when the real clock is back.
        set_replacement(None);
    }
}

/// Who may replace the clock; held as long as a [`Replaced`] lives.
static TURN: Mutex<()> = Mutex::new(());

/// The clock in the real one's place. Read by every timer, written by tests only.
static REPLACEMENT: RwLock<Option<Arc<dyn Clock>>> = RwLock::new(None);

/// The clock is called after the lock is released: its methods may come back here.
fn replacement() -> Option<Arc<dyn Clock>> {
    let clock = REPLACEMENT.read().unwrap_or_else(PoisonError::into_inner);
    clock.clone()
}

fn set_replacement(clock: Option<Arc<dyn Clock>>) {
    let mut current = REPLACEMENT.write().unwrap_or_else(PoisonError::into_inner);
    let previous = std::mem::replace(&mut *current, clock);
    // A clock may own callbacks, and what these own may look at the clock while it is dropped.
    drop(current);
    drop(previous);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::ManualClock;

    #[test]
    fn every_thread_sees_the_replacement() {
        let manual = Arc::new(ManualClock::new());
        let shown = manual.now();
        let _replaced = replace(manual.clone());
        manual.advance(Duration::from_secs(1));
        let elsewhere = thread::spawn(now).join().unwrap();
        assert_eq!(elsewhere, shown + Duration::from_secs(1));
    }

    #[test]
    fn a_test_that_panics_leaves_the_clock_to_the_next() {
        let failed = thread::spawn(|| {
            let _replaced = replace(Arc::new(ManualClock::new()));
            panic!("a test that fails while it holds the clock");
        });
        assert!(failed.join().is_err());

        let manual = Arc::new(ManualClock::new());
        let _replaced = replace(manual.clone());
        ring_after(Duration::ZERO, || {});
        assert_eq!(manual.outstanding(), 1);
    }

    #[test]
    fn the_real_clock_rings_from_another_thread_after_the_time_and_never_for_the_maximum() {
        let _replaced = replace(Arc::new(RealClock));
        let (rung, rings) = mpsc::channel();
        let (start, short) = (now(), Duration::from_millis(1));
        let never = rung.clone();
        ring_after(Duration::MAX, move || {
            never.send(thread::current().id()).unwrap()
        });
        ring_after(short, move || rung.send(thread::current().id()).unwrap());
        let ringing = rings.recv().expect("rings once");
        assert!(now() - start >= short);
        assert_ne!(ringing, thread::current().id());
        // Both senders are gone: one has rung, the other was dropped at once.
        assert!(rings.recv().is_err());
    }
}
