//! A selector that sees what it is told to see.

use std::fmt;
use std::io;
use std::iter;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use mio::event::Source;
use waker_timer::ManualClock;

use crate::lock::lock;
use crate::manual_state::{Hook, State};
use crate::selector::{Interrupt, MioSelector, Open, Opened, Registry, Selector};
use crate::{Event, Signals};

/// A selector for tests: events are [injected](Self::inject), and nothing else happens.
///
/// It is a handle: clones are the same selector, also in all its roles. Put it in the place of the
/// system's with [`selector::replace`](crate::selector::replace). With a [`ManualClock`], it moves
/// the clock instead of sleeping; without, a timeout passes at once, and no time with it. A sleep
/// without a timeout lasts until an event is injected or an interrupt comes, from another thread or
/// from the [hook](Self::before_sleep).
///
/// ```
/// use reactor::{Event, ManualSelector, Signals, selector::Open};
///
/// let manual = ManualSelector::new();
/// let mut selector = manual.open().unwrap().selector;
///
/// let event = Event { id: 7, signals: Signals::READABLE };
/// manual.inject(event);
/// let mut events = Vec::new();
/// selector.select(&mut events, None).unwrap();
/// assert_eq!(events, [event]);
/// ```
#[derive(Clone)]
pub struct ManualSelector {
    shared: Arc<Shared>,
}

struct Shared {
    /// Locked for reading and changing the state only; hooks and the clock are called outside.
    state: Mutex<State>,
    /// Tells a `select` that sleeps that there is something in the state.
    changed: Condvar,
    /// Moved instead of sleeping.
    clock: Option<Arc<ManualClock>>,
    /// Where sources are registered for real, though nobody asks it for events: so a source that is
    /// registered twice, or not at all, is an error here too.
    system: Arc<dyn Registry>,
}

impl ManualSelector {
    /// A selector that has seen nothing.
    ///
    /// # Panics
    ///
    /// Panics if the system has no file descriptor left.
    #[must_use]
    pub fn new() -> Self {
        Self::over(None)
    }

    /// A selector that moves `clock` by the timeout instead of sleeping.
    ///
    /// ```
    /// use std::{sync::Arc, time::Duration};
    /// use reactor::{ManualSelector, Reactor, selector};
    /// use waker_timer::{ManualClock, clock};
    ///
    /// let time = Arc::new(ManualClock::new());
    /// let _time = clock::replace(time.clone());
    /// let manual = ManualSelector::with_clock(time);
    /// let _selector = selector::replace(Arc::new(manual.clone()));
    ///
    /// let before = clock::now();
    /// Reactor::new().unwrap().poll_io(Some(Duration::from_secs(86_400))).unwrap();
    /// assert_eq!(clock::now() - before, Duration::from_secs(86_400));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the system has no file descriptor left.
    #[must_use]
    pub fn with_clock(clock: Arc<ManualClock>) -> Self {
        Self::over(Some(clock))
    }

    fn over(clock: Option<Arc<ManualClock>>) -> Self {
        let system = MioSelector.open();
        let shared = Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            clock,
            system: system.expect("a test may open a selector").registry,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Has the next `select` report `event`, or the one that sleeps now.
    pub fn inject(&self, event: Event) {
        lock(&self.shared.state).pending.push(event);
        self.shared.changed.notify_all();
    }

    /// Has the next `times` calls of `select` fail with `Interrupted`, as if a signal handler had
    /// run, each after the time `after` (or its timeout, if that is shorter).
    pub fn fail_with_interrupted(&self, times: usize, after: Duration) {
        let mut state = lock(&self.shared.state);
        state.signals.extend(iter::repeat_n(after, times));
    }

    /// Calls `hook` inside each `register` and `reregister`, when the system knows the source: with
    /// the id and the interest. An event that it [injects](Self::inject) comes before the call has
    /// returned. While the hook runs, another `register` does not call it.
    pub fn in_register(&self, hook: impl FnMut(Event) + Send + 'static) {
        lock(&self.shared.state).in_register = Some(Box::new(hook));
    }

    /// Calls `hook` whenever a `select` is about to sleep, with its timeout. If the hook injects an
    /// event, or interrupts, the `select` does not sleep.
    pub fn before_sleep(&self, hook: impl FnMut(Option<Duration>) + Send + 'static) {
        lock(&self.shared.state).before_sleep = Some(Box::new(hook));
    }

    /// The timeouts of all calls of `select` so far.
    #[must_use]
    pub fn timeouts(&self) -> Vec<Option<Duration>> {
        lock(&self.shared.state).timeouts.clone()
    }

    /// Whether an interrupt came that no `select` has answered yet: one that is about to sleep will
    /// not.
    pub fn is_interrupted(&self) -> bool {
        lock(&self.shared.state).interrupted
    }

    /// How many times somebody interrupted the selector.
    #[must_use]
    pub fn interrupts(&self) -> usize {
        lock(&self.shared.state).interrupts
    }

    /// What was registered and reregistered so far: ids and interests, in order.
    #[must_use]
    pub fn registrations(&self) -> Vec<Event> {
        lock(&self.shared.state).registrations.clone()
    }

    /// How many sources are registered now.
    #[must_use]
    pub fn registered(&self) -> usize {
        lock(&self.shared.state).registered
    }

    /// Calls a hook outside the lock: it comes back here.
    fn call<A>(&self, hook: fn(&mut State) -> &mut Hook<A>, argument: A) {
        let Some(mut call) = hook(&mut lock(&self.shared.state)).take() else {
            return;
        };
        call(argument);
        // Unless it has put another in its place.
        hook(&mut lock(&self.shared.state)).get_or_insert(call);
    }

    /// Lets the time of a sleep pass; or, if it has no end, waits for whatever ends it.
    fn sleep(&self, timeout: Option<Duration>) {
        let Some(timeout) = timeout else {
            let state = lock(&self.shared.state);
            let asleep = |state: &mut State| !state.has_something();
            let state = (self.shared.changed).wait_while(state, asleep);
            return drop(state.unwrap_or_else(PoisonError::into_inner));
        };
        if let Some(clock) = &self.shared.clock {
            clock.advance(timeout);
        }
    }
}

impl Selector for ManualSelector {
    fn select(&mut self, events: &mut Vec<Event>, timeout: Option<Duration>) -> io::Result<()> {
        let signal = {
            let mut state = lock(&self.shared.state);
            state.timeouts.push(timeout);
            state.signals.pop_front()
        };
        if let Some(after) = signal {
            self.sleep(Some(timeout.map_or(after, |timeout| after.min(timeout))));
            return Err(io::ErrorKind::Interrupted.into());
        }
        if timeout != Some(Duration::ZERO) && !lock(&self.shared.state).has_something() {
            self.call(|state| &mut state.before_sleep, timeout);
            if !lock(&self.shared.state).has_something() {
                self.sleep(timeout);
            }
        }
        let mut state = lock(&self.shared.state);
        state.interrupted = false;
        events.append(&mut state.pending);
        Ok(())
    }
}

impl Registry for ManualSelector {
    fn register(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()> {
        (self.shared.system).register(source, id, signals)?;
        lock(&self.shared.state).registered += 1;
        self.registered_as(Event { id, signals });
        Ok(())
    }

    fn reregister(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()> {
        (self.shared.system).reregister(source, id, signals)?;
        self.registered_as(Event { id, signals });
        Ok(())
    }

    fn deregister(&self, source: &mut dyn Source) -> io::Result<()> {
        self.shared.system.deregister(source)?;
        lock(&self.shared.state).registered -= 1;
        Ok(())
    }
}

impl Interrupt for ManualSelector {
    fn interrupt(&self) -> io::Result<()> {
        let mut state = lock(&self.shared.state);
        state.interrupts += 1;
        state.interrupted = true;
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }
}

impl Open for ManualSelector {
    fn open(&self) -> io::Result<Opened> {
        Ok(Opened {
            selector: Box::new(self.clone()),
            registry: Arc::new(self.clone()),
            interrupt: Arc::new(self.clone()),
        })
    }
}

impl Default for ManualSelector {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ManualSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.shared.state);
        f.debug_struct("ManualSelector")
            .field("registered", &state.registered)
            .field("pending", &state.pending)
            .finish_non_exhaustive()
    }
}

impl ManualSelector {
    fn registered_as(&self, registration: Event) {
        lock(&self.shared.state).registrations.push(registration);
        self.call(|state| &mut state.in_register, registration);
    }
}
