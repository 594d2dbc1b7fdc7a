//! A timer that fires again and again.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures::Stream;
use waker_timer::clock;

use crate::Sleep;

/// Ticks every `period`, for the first time one `period` from now.
///
/// # Panics
///
/// Panics if `period` is zero.
///
/// ```
/// use std::time::{Duration, Instant};
/// use reactor::{Runtime, interval};
///
/// let period = Duration::from_millis(2);
/// let start = Instant::now();
/// Runtime::new().unwrap().block_on(async {
///     let mut ticks = interval(period);
///     ticks.tick().await;
///     ticks.tick().await;
/// });
/// assert!(start.elapsed() >= 2 * period);
/// ```
pub fn interval(period: Duration) -> Interval {
    assert!(!period.is_zero(), "an interval of zero would tick for ever");
    Interval {
        sleep: Sleep::new(period),
        period,
    }
}

/// Ticks every `period`, for the first time at `first`.
///
/// # Panics
///
/// Panics if `period` is zero.
pub fn interval_at(first: Instant, period: Duration) -> Interval {
    assert!(!period.is_zero(), "an interval of zero would tick for ever");
    Interval {
        sleep: Sleep::until(first),
        period,
    }
}

/// A clock's ticks, as a stream that never ends.
///
/// The ticks are due at whole periods after the first, however long the one who listens takes for
/// each: nothing adds up. Whoever comes late, when several ticks were due, gets one for all of them,
/// and the next at the next whole period: a tick says that it is time, it does not count.
pub struct Interval {
    /// Waits for the next tick.
    sleep: Sleep,
    /// The time between two ticks.
    period: Duration,
}

impl Interval {
    /// Waits for the next tick, and gives the time for which it was due. Dropped before, it loses
    /// none.
    pub fn tick(&mut self) -> impl Future<Output = Instant> + '_ {
        poll_fn(|cx| self.poll_tick(cx))
    }

    /// As [`tick`](Self::tick), for a future written by hand.
    pub fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        ready!(Pin::new(&mut self.sleep).poll(cx));
        let due = (self.sleep.deadline()).expect("a sleep without a deadline is never ready");
        match due.checked_add(self.period_after(due)) {
            Some(next) => self.sleep.reset(next),
            None => self.sleep = Sleep::new(Duration::MAX),
        }
        Poll::Ready(due)
    }

    /// The time between two ticks.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.period
    }

    /// The shortest whole number of periods from `due` that ends after now.
    fn period_after(&self, due: Instant) -> Duration {
        let late = clock::now().saturating_duration_since(due);
        let over = late.as_nanos() % self.period.as_nanos();
        let over = u64::try_from(over).map_or(late, Duration::from_nanos);
        (late - over).saturating_add(self.period)
    }
}

impl Stream for Interval {
    type Item = Instant;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Instant>> {
        self.poll_tick(cx).map(Some)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interval")
            .field("next", &self.sleep.deadline())
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}
