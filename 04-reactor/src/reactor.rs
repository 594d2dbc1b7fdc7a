//! The reactor: turns what the selector sees, and the passing of time, into wakes.

use std::fmt;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::{Duration, Instant};

use waker_timer::clock;

use crate::lock::lock;
use crate::selector::Registry;
use crate::timers::{TimerKey, Timers};
use crate::{Event, EventMap, Interrupter, IoBlocker};

/// Waits for all sources and timers of a runtime at once.
///
/// It is a handle: clones are the same reactor. Sources and timers come and go on any thread, at
/// any time, also while the one thread that drives it waits in [`poll_io`](Self::poll_io).
///
/// ```
/// use std::time::Duration;
/// use reactor::Reactor;
///
/// let reactor = Reactor::new().unwrap();
/// reactor.poll_io(Some(Duration::from_millis(1))).unwrap();
/// assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
/// ```
#[derive(Clone)]
pub struct Reactor {
    inner: Arc<Inner>,
}

struct Inner {
    /// Where sources are registered: beside the blocker, which is locked while it blocks.
    registry: Arc<dyn Registry>,
    /// Who waits for which source. Never locked while anybody blocks or is woken.
    events: Mutex<EventMap>,
    /// Who waits for which time. As above.
    timers: Mutex<Timers>,
    /// What blocks, and its list of events. Locked while it blocks, and by nobody else.
    blocker: Mutex<(IoBlocker, Vec<Event>)>,
    /// The list of wakers of the last batch, empty: kept for the sake of its memory.
    spare: Mutex<Vec<Waker>>,
    /// Wakes the loop that blocks.
    interrupter: Arc<Interrupter>,
}

impl Reactor {
    /// A reactor over the selector of the system, or over its replacement.
    ///
    /// # Errors
    ///
    /// What the system says: no file descriptor left, for one.
    pub fn new() -> io::Result<Self> {
        let blocker = IoBlocker::new()?;
        let inner = Inner {
            registry: blocker.registry(),
            events: Mutex::new(EventMap::new()),
            timers: Mutex::new(Timers::new(clock::now())),
            interrupter: Arc::new(Interrupter::new(blocker.interrupt())),
            blocker: Mutex::new((blocker, Vec::new())),
            spare: Mutex::new(Vec::new()),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Waits for events, at most as long as `timeout`, and wakes the tasks that waited for them. It
    /// may come back with nothing before that.
    ///
    /// It is for the one loop that drives this reactor, and for nobody beside it: the
    /// [`Interrupter`] knows one sleeper, who is [`awake`](Interrupter::awake) when this comes back.
    ///
    /// # Errors
    ///
    /// What the system says; but a signal handler that ran meanwhile is no error.
    pub fn poll_io(&self, timeout: Option<Duration>) -> io::Result<()> {
        let mut blocking = lock(&self.inner.blocker);
        let (blocker, events) = &mut *blocking;
        events.clear();
        let blocked = blocker.block(timeout, events);
        // Before the wakes below: those of this thread must not interrupt a sleep that is over.
        self.inner.interrupter.awake();
        blocked?;
        if events.is_empty() {
            return Ok(());
        }
        let mut wakers = mem::take(&mut *lock(&self.inner.spare));
        // One lock for the whole batch, and only now: during the sleep others need the map.
        let mut map = lock(&self.inner.events);
        for event in &*events {
            map.deliver(event, &mut wakers);
        }
        drop(map);
        drop(blocking);
        self.wake_all(wakers);
        Ok(())
    }

    /// Wakes the tasks whose time has come.
    pub fn fire_timers(&self) {
        let mut timers = lock(&self.inner.timers);
        if timers.is_empty() {
            return;
        }
        let mut wakers = mem::take(&mut *lock(&self.inner.spare));
        timers.fire(clock::now(), &mut wakers);
        drop(timers);
        self.wake_all(wakers);
    }

    /// When the next timer is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        lock(&self.inner.timers).next_deadline()
    }

    /// How many sources are registered.
    #[must_use]
    pub fn sources(&self) -> usize {
        lock(&self.inner.events).len()
    }

    /// How many timers are still to fire.
    #[must_use]
    pub fn timers(&self) -> usize {
        lock(&self.inner.timers).len()
    }

    /// What wakes the loop that waits in [`poll_io`](Self::poll_io).
    #[must_use]
    pub fn interrupter(&self) -> &Arc<Interrupter> {
        &self.inner.interrupter
    }

    /// Where sources are registered with the system.
    pub(crate) fn registry(&self) -> &dyn Registry {
        &*self.inner.registry
    }

    /// Does something with the map of those who wait, under its lock: nothing long, and nothing
    /// that calls, clones or drops a waker.
    pub(crate) fn with_events<R>(&self, access: impl FnOnce(&mut EventMap) -> R) -> R {
        access(&mut lock(&self.inner.events))
    }

    /// Has `waker` woken at `when`, unless the timer is removed before that. If `when` is past, and
    /// nothing else is overdue, `waker` comes back as the error.
    pub(crate) fn insert_timer(&self, when: Instant, waker: Waker) -> Result<TimerKey, Waker> {
        let mut timers = lock(&self.inner.timers);
        let earliest = timers.next_deadline();
        let is_next = earliest.is_none_or(|earliest| when < earliest);
        // Only the next one needs a look at the clock, which costs more than all the rest: if this
        // one is past, so is whatever comes before it, and the loop is about to fire both.
        if is_next && when <= clock::now() {
            return Err(waker);
        }
        let key = timers.insert(when, waker);
        drop(timers);
        // A loop that sleeps has set its alarm by the timer that was the next one before.
        if is_next {
            self.inner.interrupter.wake();
        }
        Ok(key)
    }

    /// Does something with the timers, under their lock: as with [`with_events`](Self::with_events).
    pub(crate) fn with_timers<R>(&self, access: impl FnOnce(&mut Timers) -> R) -> R {
        access(&mut lock(&self.inner.timers))
    }

    /// Wakes, with no lock held. A waker is somebody else's code: it may come back to this reactor,
    /// and one that panics must neither keep the others asleep nor end the loop. (The panic has been
    /// reported where it happened.)
    fn wake_all(&self, mut wakers: Vec<Waker>) {
        for waker in wakers.drain(..) {
            let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        }
        *lock(&self.inner.spare) = wakers;
    }
}

impl fmt::Debug for Reactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reactor")
            .field("sources", &self.sources())
            .field("timers", &self.timers())
            .finish_non_exhaustive()
    }
}
