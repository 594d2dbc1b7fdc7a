//! A source that no system knows, a waker that counts, and a scene for both.

#![allow(dead_code, reason = "not every test needs everything")]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::{Interest, Registry, Token};
use reactor::{Direction, Event, ManualSelector, Reactor, Registered, Signals, selector};
use waker_timer::{ManualClock, clock};

use crate::watchdog::Watchdog;

/// A source whose events are those that a test injects.
#[derive(Debug)]
pub(crate) struct Fake;

impl Source for Fake {
    fn register(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Ok(())
    }

    fn reregister(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Ok(())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        Ok(())
    }
}

/// Time and readiness, both in the test's hands.
pub(crate) struct Scene {
    pub(crate) manual: ManualSelector,
    pub(crate) time: Arc<ManualClock>,
    pub(crate) start: Instant,
    // Dropped in this order: the clock was there first.
    _selector: selector::Replaced,
    _clock: clock::Replaced,
    _watchdog: Watchdog,
}

impl Scene {
    pub(crate) fn set() -> Self {
        let _watchdog = Watchdog::start();
        let time = Arc::new(ManualClock::new());
        let _clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time.clone());
        Self {
            _selector: selector::replace(Arc::new(manual.clone())),
            time,
            start: clock::now(),
            manual,
            _clock,
            _watchdog,
        }
    }

    /// How much time has passed.
    pub(crate) fn passed(&self) -> Duration {
        clock::now() - self.start
    }

    /// The timeouts of all selects so far, in seconds; `None` as -1.
    pub(crate) fn timeouts(&self) -> Vec<f64> {
        let timeouts = self.manual.timeouts();
        let seconds = |timeout: Option<Duration>| timeout.map_or(-1.0, |time| time.as_secs_f64());
        timeouts.into_iter().map(seconds).collect()
    }

    /// A new source, and the id that it was registered with. It is ready for nothing.
    pub(crate) fn source(&self, reactor: &Reactor) -> (Registered<Fake>, usize) {
        let source = Registered::with_reactor(Fake, reactor).unwrap();
        let id = self.manual.registrations().last().unwrap().id;
        let mut cx = Context::from_waker(Waker::noop());
        for direction in [Direction::Read, Direction::Write] {
            if let Poll::Ready(tick) = source.poll_ready(direction, &mut cx) {
                source.clear_ready(direction, tick);
            }
        }
        (source, id)
    }

    pub(crate) fn inject(&self, id: usize, signals: Signals) {
        self.manual.inject(Event { id, signals });
    }
}

/// Looks at what has happened, without waiting.
pub(crate) fn look(reactor: &Reactor) {
    reactor.poll_io(Some(Duration::ZERO)).unwrap();
}

/// Counts how many times it is woken.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn new() -> (Arc<Self>, Waker) {
        let count = Arc::new(Self::default());
        (Arc::clone(&count), Waker::from(count))
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(SeqCst)
    }
}

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A waker that does something.
pub(crate) fn waker_that(act: impl Fn() + Send + Sync + 'static) -> Waker {
    struct Act<F>(F);

    impl<F: Fn() + Send + Sync + 'static> Wake for Act<F> {
        fn wake(self: Arc<Self>) {
            (self.0)();
        }
    }

    Waker::from(Arc::new(Act(act)))
}

/// Has `waker` woken when `source` is ready in this direction; says whether it is.
pub(crate) fn is_ready(source: &Registered<Fake>, direction: Direction, waker: &Waker) -> bool {
    let mut cx = Context::from_waker(waker);
    source.poll_ready(direction, &mut cx).is_ready()
}
