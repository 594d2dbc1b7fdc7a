//! The world around a loop: time, events and other threads, and how the loop behaves towards them.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use course::{Race, Recorder};
use reactor::{
    Event, ManualSelector, Reactor,
    selector::{self, Open, Opened, Selector},
};
use waker_timer::{
    ManualClock,
    clock::{self, Clock},
};

/// How much longer than until the next timer a sleep may be.
const LATE: Duration = Duration::from_millis(10);

/// How often a loop may look at this and that while nothing happens.
const MOST_LOOKS: usize = 200;

/// A sleep that is shorter than it could be, and shorter than this, is a nap; if it is longer, it may be cut off.
const LONG: Duration = Duration::from_secs(60);

/// How often the loop may nap, and how often it may get up from a long sleep, for nothing.
const MOST_NAPS: usize = 10;
const MOST_CUTS: usize = 100;

/// The grader's end. Clones are of the same one.
#[derive(Clone)]
pub struct World {
    recorder: Recorder,
    source: &'static str,
    time: Arc<ManualClock>,
    manual: ManualSelector,
    reactor: Arc<OnceLock<Reactor>>,
    /// Other threads that do something while the loop is at work.
    pub race: Race,
    state: Arc<Mutex<State>>,
}

/// Keeps the world in the place of the system's clock and selector.
pub struct Replaced {
    _selector: selector::Replaced,
    _clock: clock::Replaced,
}

/// Something that happens while the loop sleeps.
type Step = Box<dyn FnOnce() + Send>;

/// Gives the name of a mistake, and what shows it, if there is one.
type Reason = Box<dyn Fn() -> Option<(&'static str, String)> + Send>;

#[derive(Default)]
struct State {
    /// What happens in the next sleeps, one in each.
    plan: VecDeque<Step>,
    /// What happens in the first sleep without an end.
    at_last: Option<Step>,
    /// What happens at a look at the clock, and how many looks pass by before that one.
    at_the_clock: Option<(usize, Step)>,
    /// Says why the loop must not sleep now, if it must not.
    forbids_sleep: Option<Reason>,
    /// What it means to sleep past the next timer.
    oversleep: Option<&'static str>,
    /// Looks since something happened.
    looks: usize,
    /// Whether something has happened since `done` was asked.
    unasked: bool,
    /// How often the loop got up for nothing: from a short sleep, and from a long one.
    naps: usize,
    cuts: usize,
    /// How often the selector was asked.
    selects: usize,
    /// Whether an event was reported in this step.
    reported: bool,
    /// Whether the selector fails, and how often it has.
    failing: bool,
    failures: usize,
}

impl World {
    /// Time stands still, and nothing happens. `source` is what is graded: where it goes wrong about the time, it is
    /// looked up there whether it asks the system for it.
    pub fn new(recorder: &Recorder, source: &'static str) -> (Self, Replaced) {
        let time = Arc::new(ManualClock::new());
        let manual = ManualSelector::with_clock(Arc::clone(&time));
        let world = World {
            recorder: recorder.clone(),
            source,
            time,
            manual: manual.clone(),
            reactor: Arc::default(),
            race: Race::new(),
            state: Arc::default(),
        };
        let replaced = Replaced {
            _clock: clock::replace(Arc::new(world.clone())),
            _selector: selector::replace(Arc::new(world.clone())),
        };
        let sleeper = world.clone();
        manual.before_sleep(move |timeout| sleeper.sleeps(timeout));
        let reactor = Reactor::new().expect("it is always open");
        let _ = world.reactor.set(reactor);
        (world, replaced)
    }

    pub fn reactor(&self) -> &Reactor {
        self.reactor.get().expect("it was made in `new`")
    }

    /// In the next sleep for which nothing is planned, this happens.
    pub fn in_a_sleep(&self, step: impl FnOnce() + Send + 'static) {
        self.state().plan.push_back(Box::new(step));
    }

    /// In the first sleep that has no end, this happens: in the ones before it, nothing.
    pub fn in_a_sleep_without_end(&self, step: impl FnOnce() + Send + 'static) {
        self.state().at_last = Some(Box::new(step));
    }

    /// At a look at the clock, when `skip` others have passed by, this happens on another thread.
    pub fn at_the_clock(&self, skip: usize, step: impl FnOnce() + Send + 'static) {
        let race = self.race.clone();
        let step = move || race.run(step);
        self.state().at_the_clock = Some((skip, Box::new(step)));
    }

    /// From now on the loop must not sleep while `reason` gives one.
    pub fn forbid_sleep(
        &self,
        reason: impl Fn() -> Option<(&'static str, String)> + Send + 'static,
    ) {
        self.state().forbids_sleep = Some(Box::new(reason));
    }

    /// What it means here to sleep past the next timer.
    pub fn oversleeping_is(&self, code: &'static str) {
        self.state().oversleep = Some(code);
    }

    /// Reports an event.
    pub fn report(&self, event: Event) {
        let mut state = self.state();
        state.reported = true;
        state.looks = 0;
        drop(state);
        self.manual.inject(event);
    }

    /// Lets the selector fail from now on.
    pub fn fail_from_now_on(&self) {
        self.state().failing = true;
    }

    /// The number of the latest source.
    pub fn latest_id(&self) -> usize {
        let registered = self.manual.registrations();
        registered.last().expect("something was registered").id
    }

    /// How often the selector was asked.
    pub fn selects(&self) -> usize {
        self.state().selects
    }

    /// How often somebody called the system to end a sleep.
    pub fn interrupts(&self) -> usize {
        self.manual.interrupts()
    }

    /// Lets time pass while the loop is at work.
    pub fn pass(&self, by: Duration) {
        self.time.advance(by);
    }

    /// Something happens: a task is polled, or the like.
    pub fn goes_on(&self) {
        let mut state = self.state();
        state.looks = 0;
        state.unasked = true;
    }

    /// `done` has been asked.
    pub fn asked(&self) {
        self.state().unasked = false;
    }

    /// The loop looks at something, which costs time even if there is nothing.
    ///
    /// Fails with `busy-loop` if it looks and looks while nothing happens.
    pub fn looked(&self) {
        let looks = {
            let mut state = self.state();
            state.looks += 1;
            state.looks
        };
        if looks > MOST_LOOKS {
            let seen = "no task is ready, nothing happens, and the loop goes round and round, and does not sleep";
            self.must_ask_the_clock(seen);
            self.recorder.fail("busy-loop", seen);
        }
    }

    /// The rule that a timer that is due is fired some time.
    ///
    /// Fails with `lost-wakeup`.
    fn must_fire(&self) {
        let overdue = |when| when <= self.time.now();
        if self.state().looks > MOST_LOOKS / 2
            && self.reactor().next_deadline().is_some_and(overdue)
        {
            self.recorder.fail_reading(
                "one-loop",
                "lost-wakeup",
                "a timer is due, and the loop goes round and round, and does not fire it",
            );
        }
    }

    /// The loop is about to sleep: nobody has interrupted it so far.
    ///
    /// Fails if it must not, or if nothing would ever end the sleep.
    fn sleeps(&self, timeout: Option<Duration>) {
        // Whoever had to wait for a lock of the loop's is through after this, and may have woken it.
        self.race.finish();
        if self.manual.is_interrupted() {
            return;
        }
        self.recorder.note(match timeout {
            Some(timeout) => format!("the loop sleeps for {timeout:?}"),
            None => "the loop sleeps until something happens".into(),
        });
        self.check_sleep(timeout, "oversleeps");
        let step = {
            let mut state = self.state();
            state.looks = 0;
            state.reported = false;
            let long = timeout.is_none_or(|timeout| timeout >= LONG);
            let last = if long { state.at_last.take() } else { None };
            last.or_else(|| state.plan.pop_front())
        };
        let planned = step.is_some();
        if let Some(step) = step {
            step();
            self.race.finish();
        }
        if self.manual.is_interrupted() || self.state().reported {
            return;
        }
        if planned {
            self.check_sleep(timeout, "lost-before-sleep");
        }
        self.check_end(timeout);
    }

    fn check_sleep(&self, timeout: Option<Duration>, oversleep: &'static str) {
        let state = self.state();
        let (forbidden, code) = (
            state.forbids_sleep.as_ref().and_then(|reason| reason()),
            state.oversleep.unwrap_or(oversleep),
        );
        drop(state);
        if let Some((code, seen)) = forbidden {
            self.recorder.fail(code, seen);
        }
        let Some(deadline) = self.reactor().next_deadline() else {
            return;
        };
        let now = self.time.now();
        let left = deadline.saturating_duration_since(now);
        if timeout.is_none_or(|timeout| timeout > left + LATE) {
            let timeout = timeout.map_or("without an end".into(), |timeout| {
                format!("for {timeout:?}")
            });
            let seen = format!("the next timer is due in {left:?}, and the loop sleeps {timeout}");
            self.must_ask_the_clock(&seen);
            self.recorder.fail(code, seen);
        }
    }

    /// The rule that a sleep has an end, and that the loop does not get up without a reason.
    fn check_end(&self, timeout: Option<Duration>) {
        let deadline = self.reactor().next_deadline();
        let left = deadline.map(|when| when.saturating_duration_since(self.time.now()));
        let (naps, cuts) = {
            let mut state = self.state();
            if timeout.is_some_and(|timeout| left.is_none_or(|left| timeout < left)) {
                let long = timeout >= Some(LONG);
                state.naps += usize::from(!long);
                state.cuts += usize::from(long);
            }
            (state.naps, state.cuts)
        };
        if timeout.is_none() || cuts > MOST_CUTS {
            self.sleeps_for_ever();
        }
        if naps > MOST_NAPS {
            let next = left.map_or("there is no timer".into(), |left| {
                format!("the next timer is due in {left:?}")
            });
            let seen = format!(
                "{next}, nothing else happens, and the loop sleeps again, after {naps} other sleeps too short"
            );
            self.must_ask_the_clock(&seen);
            self.recorder.fail("busy-loop", seen);
        }
    }

    /// The rule that the time is the course's, for a loop that sleeps too long or too short: that is `seen`.
    ///
    /// Fails with `bypassed-seam`.
    fn must_ask_the_clock(&self, seen: &str) {
        let asks = |line: &str| {
            let code = line.split("//").next().unwrap_or_default();
            code.contains("Instant::now") || code.contains(".elapsed()")
        };
        if self.source.lines().any(asks) {
            let seen =
                format!("the file asks the system for the time, and not `clock::now`: {seen}");
            self.recorder
                .fail_reading("one-loop", "bypassed-seam", seen);
        }
    }

    /// Fails with `sleeps-undone`, or `lost-wakeup` if it is not that.
    fn sleeps_for_ever(&self) -> ! {
        if self.state().unasked {
            self.recorder.fail(
                "sleeps-undone",
                "tasks were polled, and the loop sleeps without an end: it has not asked `done` since",
            );
        }
        self.recorder.fail_reading(
            "one-loop",
            "lost-wakeup",
            "the loop sleeps, nothing is going to happen any more, and `done` has not said `true`",
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for World {
    fn now(&self) -> Instant {
        let now = self.time.now();
        self.looked();
        let step = {
            let mut state = self.state();
            let step = state.at_the_clock.take_if(|(skip, _)| *skip == 0);
            if let Some((skip, _)) = &mut state.at_the_clock {
                *skip -= 1;
            }
            step
        };
        if let Some((_, step)) = step {
            step();
        }
        now
    }

    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>) {
        self.time.ring_after(after, callback);
    }
}

impl Open for World {
    fn open(&self) -> io::Result<Opened> {
        let opened = self.manual.open()?;
        Ok(Opened {
            selector: Box::new(Watched {
                world: self.clone(),
                selector: opened.selector,
            }),
            ..opened
        })
    }
}

/// The selector, with a count of its calls.
struct Watched {
    world: World,
    selector: Box<dyn Selector>,
}

impl Selector for Watched {
    fn select(&mut self, events: &mut Vec<Event>, timeout: Option<Duration>) -> io::Result<()> {
        self.world.recorder.called(match timeout {
            Some(timeout) => format!("select({timeout:?})"),
            None => "select(no timeout)".into(),
        });
        let failures = {
            let mut state = self.world.state();
            state.selects += 1;
            state.failures += usize::from(state.failing);
            state.failures
        };
        self.world.looked();
        self.world.must_fire();
        if failures > 3 {
            self.world.recorder.fail(
                "swallowed-error",
                format!("the selector has failed {failures} times, and the loop goes on as if nothing had been"),
            );
        }
        if failures > 0 {
            return Err(io::Error::other("the grader has broken the selector"));
        }
        self.selector.select(events, timeout)
    }
}
