//! A timer as a future: no thread, one place in the reactor's [`Timers`](crate::Timers).

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use waker_timer::clock;

use crate::Reactor;
use crate::timers::TimerKey;

/// Waits for `duration`, counted from this call.
///
/// ```
/// use std::time::{Duration, Instant};
/// use reactor::{Runtime, sleep};
///
/// let start = Instant::now();
/// Runtime::new().unwrap().block_on(sleep(Duration::from_millis(5)));
/// assert!(start.elapsed() >= Duration::from_millis(5));
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    Sleep::new(duration)
}

/// Waits until `when`.
pub fn sleep_until(when: Instant) -> Sleep {
    Sleep::until(when)
}

/// A future that is ready at a given time, never before.
///
/// It goes to the reactor that is current where it is polled first; it is woken when the loop of
/// that reactor looks at its timers. Dropped, it leaves its place at once. Polled again after
/// `Ready`, it is `Ready` again.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    /// When it is over. `None` is later than the clock can say: never.
    when: Option<Instant>,
    /// Its timer, from the first poll that has to wait until the end.
    timer: Option<(Reactor, TimerKey)>,
    /// Whether it was `Ready`. Then it stays so, and nobody asks the clock.
    over: bool,
}

impl Sleep {
    /// Is over `duration` from now. [`Duration::MAX`] never is; [`Duration::ZERO`] is at the first
    /// poll.
    pub fn new(duration: Duration) -> Self {
        let mut sleep = Self::at(clock::now().checked_add(duration));
        sleep.over = duration.is_zero();
        sleep
    }

    /// Is over at `when`. If that is past, it is ready at the first poll; or as soon as the loop has
    /// fired what is overdue before it.
    pub fn until(when: Instant) -> Self {
        Self::at(Some(when))
    }

    /// When it is over; `None` if never.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use reactor::{sleep, sleep_until};
    ///
    /// let noon = Instant::now() + Duration::from_secs(1);
    /// assert_eq!(sleep_until(noon).deadline(), Some(noon));
    /// assert_eq!(sleep(Duration::MAX).deadline(), None);
    /// ```
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.when
    }

    /// Makes it wait until `when`, from the next poll on, whether it was over or not.
    pub fn reset(&mut self, when: Instant) {
        self.leave();
        self.when = Some(when);
        self.over = false;
    }

    fn at(when: Option<Instant>) -> Self {
        Self {
            when,
            timer: None,
            over: false,
        }
    }

    /// Sees to it that the task of this poll is woken at `when`. `Ready`: there is no need to.
    fn register(&mut self, when: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let registered = match &self.timer {
            // It may have fired meanwhile, for the waker of an earlier poll.
            Some((reactor, key)) => {
                let set = reactor.with_timers(|timers| timers.set_waker(key, waker));
                set.map(drop)
            }
            None => {
                let reactor = Reactor::current();
                let inserted = reactor.insert_timer(when, waker);
                inserted.map(|key| self.timer = Some((reactor, key)))
            }
        };
        match registered {
            Ok(()) => Poll::Pending,
            Err(_waker) => Poll::Ready(()),
        }
    }

    /// Takes the timer out, if there is one.
    fn leave(&mut self) {
        if let Some((reactor, key)) = self.timer.take() {
            let waker = reactor.with_timers(|timers| timers.remove(key));
            // Outside the lock: dropping a task's last waker runs that task's own drop.
            drop(waker);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    /// # Panics
    ///
    /// The first poll that has to wait panics if the thread has no current reactor.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.over {
            return Poll::Ready(());
        }
        // A sleep without end keeps no waker: nothing would ever take it out.
        let Some(when) = self.when else {
            return Poll::Pending;
        };
        ready!(self.register(when, cx));
        // The timer is gone, and its key leads nowhere.
        self.timer = None;
        self.over = true;
        Poll::Ready(())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.leave();
    }
}
