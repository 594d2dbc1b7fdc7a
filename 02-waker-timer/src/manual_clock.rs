//! A clock that stands still until it is told to move.

use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::lock::lock;

/// A [`Clock`] for tests: time passes in [`advance`](Self::advance), and nowhere else.
///
/// ```
/// use std::{sync::Arc, task::{Context, Poll, Waker}, pin::pin, time::Duration};
/// use waker_timer::{ManualClock, TimerFuture, clock};
///
/// let time = Arc::new(ManualClock::new());
/// let _replaced = clock::replace(time.clone());
///
/// let mut timer = pin!(TimerFuture::new(Duration::from_secs(86_400)));
/// let mut cx = Context::from_waker(Waker::noop());
/// assert_eq!(timer.as_mut().poll(&mut cx), Poll::Pending);
/// time.advance(Duration::from_secs(86_400));
/// assert_eq!(timer.as_mut().poll(&mut cx), Poll::Ready(()));
/// ```
pub struct ManualClock {
    /// Locked for reading and changing the state only; callbacks run after it is released.
    state: Mutex<State>,
}

struct State {
    /// What [`Clock::now`] says.
    now: Instant,
    /// What is still to ring, in the order in which it was asked for.
    rings: Vec<Ring>,
}

struct Ring {
    /// When it is due.
    when: Instant,
    /// What it does then.
    callback: Box<dyn FnOnce() + Send>,
}

impl ManualClock {
    /// A clock that shows the present moment, and goes on showing it.
    #[must_use]
    pub fn new() -> Self {
        let now = Instant::now();
        let rings = Vec::new();
        Self {
            state: Mutex::new(State { now, rings }),
        }
    }

    /// Lets `by` pass, and runs what is due by then: earliest first, on the calling thread, which
    /// therefore must not hold a lock that a callback or a waker takes.
    ///
    /// When this returns, every callback that was due has returned.
    ///
    /// # Panics
    ///
    /// Panics if the time gets later than an [`Instant`] can say, or if a callback panics.
    pub fn advance(&self, by: Duration) {
        let end = lock(&self.state).now + by;
        while let Some(callback) = self.next_due(end) {
            callback();
        }
        lock(&self.state).now = end;
    }

    /// How many rings are still to come: with the real clock, as many threads would be asleep.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        lock(&self.state).rings.len()
    }

    /// Takes the first ring that is due at `end`, and moves the clock to its time.
    fn next_due(&self, end: Instant) -> Option<Box<dyn FnOnce() + Send>> {
        let mut state = lock(&self.state);
        // `min_by_key` gives the first of several equal ones: what was asked for first rings first.
        let (first, when) = (state.rings.iter().map(|ring| ring.when).enumerate())
            .filter(|(_, when)| *when <= end)
            .min_by_key(|(_, when)| *when)?;
        state.now = state.now.max(when);
        Some(state.rings.remove(first).callback)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        lock(&self.state).now
    }

    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>) {
        let mut state = lock(&self.state);
        let Some(when) = state.now.checked_add(after) else {
            // The lock first: what the callback owns may look at the clock while it is dropped.
            drop(state);
            return;
        };
        state.rings.push(Ring { when, callback });
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outstanding = self.outstanding();
        f.debug_struct("ManualClock")
            .field("outstanding", &outstanding)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn rings_in_the_order_of_the_times_and_shows_each_of_them() {
        let clock = Arc::new(ManualClock::new());
        let start = clock.now();
        let (rung, rings) = mpsc::channel();
        for hours in [3, 1, 2, 5] {
            let (rung, seen) = (rung.clone(), Arc::clone(&clock));
            clock.ring_after(
                HOUR * hours,
                Box::new(move || rung.send(seen.now()).unwrap()),
            );
        }
        clock.advance(HOUR * 4);
        let times = [start + HOUR, start + HOUR * 2, start + HOUR * 3];
        assert_eq!(rings.try_iter().collect::<Vec<_>>(), times);
        assert_eq!((clock.now(), clock.outstanding()), (start + HOUR * 4, 1));
    }

    #[test]
    fn a_callback_may_ask_for_another_ring() {
        let clock = Arc::new(ManualClock::new());
        let (rung, rings) = mpsc::channel();
        let inner = Arc::clone(&clock);
        let again = move || inner.ring_after(HOUR, Box::new(move || rung.send(()).unwrap()));
        clock.ring_after(HOUR, Box::new(again));
        clock.advance(HOUR * 2);
        assert_eq!(rings.try_recv(), Ok(()));
    }

    #[test]
    fn zero_rings_at_the_next_advance_and_the_maximum_never() {
        let clock = ManualClock::new();
        let (rung, rings) = mpsc::channel();
        clock.ring_after(Duration::ZERO, Box::new(move || rung.send(()).unwrap()));
        clock.ring_after(Duration::MAX, Box::new(|| unreachable!()));
        assert!(rings.try_recv().is_err());
        clock.advance(Duration::ZERO);
        assert_eq!((rings.try_recv(), clock.outstanding()), (Ok(()), 0));
    }
}
