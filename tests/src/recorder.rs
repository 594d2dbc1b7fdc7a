//! Collects the run of one test, and ends it when a rule is broken.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    diagnosis::{Diagnosis, Misconception},
    event::Event,
    exercise::Exercise,
    journal, memory,
    report::Line,
    trace,
    waker::{HostileWaker, RecordedWaker},
};

/// The run of one test. Clones record into the same run, from any thread.
#[derive(Clone, Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// What is graded.
    exercise: Exercise,
    /// The test, as the manifest names it.
    test: &'static str,
    /// The canonical trace of the reference, to be shown beside this run's.
    expected: Option<String>,
    /// What happened so far, and what has been found wrong with it.
    run: Mutex<Run>,
}

#[derive(Debug, Default)]
struct Run {
    events: Vec<Event>,
    /// The first rule that was broken: kept, because the code under test may catch our panic.
    failed: Option<Diagnosis>,
}

impl Recorder {
    pub(crate) fn new(exercise: Exercise, test: &'static str, expected: Option<String>) -> Self {
        let shared = Shared {
            exercise,
            test,
            expected,
            run: Mutex::default(),
        };
        Recorder {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn exercise(&self) -> Exercise {
        self.shared.exercise
    }

    pub(crate) fn test(&self) -> &'static str {
        self.shared.test
    }

    pub(crate) fn expected(&self) -> Option<&str> {
        self.shared.expected.as_deref()
    }

    /// Adds an event to the run. Nothing is added after a rule was broken: that would be the end of the
    /// test, where things are dropped, and not what led to the failure.
    pub fn record(&self, event: Event) {
        if self.run().failed.is_some() {
            return;
        }
        memory::uncounted(|| {
            journal::write(&Line::Trace {
                event: event.clone(),
            });
            self.run().events.push(event);
        });
    }

    /// Adds a line about the world to the run: `time passes`, `peer sends "hello"`.
    pub fn note(&self, text: impl Into<String>) {
        memory::uncounted(|| self.record(Event::Noted { text: text.into() }));
    }

    /// Adds a call of something that the grader stands behind: `socket.has_data_to_read() → false`.
    pub fn called(&self, call: impl Into<String>) {
        memory::uncounted(|| self.record(Event::Called { call: call.into() }));
    }

    /// A waker with this name, for futures of `std`.
    pub fn waker(&self, name: &'static str) -> RecordedWaker {
        self.hostile_waker(name).build()
    }

    /// A waker that also does something of its own when it is cloned, woken or dropped.
    pub fn hostile_waker(&self, name: &'static str) -> HostileWaker {
        HostileWaker::new(self, name)
    }

    /// Records one poll of the run's only future. `describe` gives the output's text, or `None` for
    /// `Pending`, so that any poll type will do.
    pub fn poll<P>(
        &self,
        waker: &str,
        poll: impl FnOnce() -> P,
        describe: impl FnOnce(&P) -> Option<String>,
    ) -> P {
        self.poll_named("", waker, poll, describe)
    }

    /// Records one poll of a future that has a name, in a run of several.
    pub fn poll_named<P>(
        &self,
        future: &str,
        waker: &str,
        poll: impl FnOnce() -> P,
        describe: impl FnOnce(&P) -> Option<String>,
    ) -> P {
        let begins = memory::uncounted(|| Event::PollBegins {
            future: future.into(),
            waker: waker.into(),
        });
        self.record(begins);
        let outcome = poll();
        memory::uncounted(|| {
            self.record(Event::PollEnds {
                future: future.into(),
                ready: describe(&outcome),
            });
        });
        outcome
    }

    /// How many polls have begun.
    pub fn polls_begun(&self) -> usize {
        let run = self.run();
        let begun = |event: &&Event| matches!(event, Event::PollBegins { .. });
        run.events.iter().filter(begun).count()
    }

    /// How often this waker has been woken in the whole run.
    pub fn wakes(&self, waker: &str) -> usize {
        self.run()
            .events
            .iter()
            .filter(|event| is_wake(event, waker))
            .count()
    }

    /// How often this waker has been woken since the world last did something.
    pub fn wakes_since_note(&self, waker: &str) -> usize {
        let run = self.run();
        let since = after(&run.events, |event| matches!(event, Event::Noted { .. }));
        since.iter().filter(|event| is_wake(event, waker)).count()
    }

    /// The rule that an event wakes the waker of the latest poll.
    ///
    /// Call it after the event; `event` completes the sentence "… although". Fails with `stale-waker`
    /// if another waker was woken instead, and with `lost-wakeup` if none was.
    pub fn must_wake(&self, waker: &str, event: &str) {
        if self.wakes_since_note(waker) > 0 {
            return;
        }
        let other = {
            let run = self.run();
            let since = after(&run.events, |event| matches!(event, Event::Noted { .. }));
            since.iter().find_map(|event| match event {
                Event::Woken { waker } => Some(waker.clone()),
                _ => None,
            })
        };
        match other {
            Some(other) => self.fail(
                "stale-waker",
                format!("the task was last polled with waker {waker}, and waker {other} was woken"),
            ),
            None => self.fail(
                "lost-wakeup",
                format!("the task waits with waker {waker}, and nobody woke it although {event}"),
            ),
        }
    }

    /// The rule that nothing is woken while nothing happens: no wake since the latest poll began.
    ///
    /// Fails with `busy-wake`.
    pub fn must_be_quiet(&self) {
        let woken = {
            let run = self.run();
            let since = after(&run.events, |event| {
                matches!(event, Event::PollBegins { .. } | Event::Noted { .. })
            });
            since.iter().find_map(|event| match event {
                Event::Woken { waker } => Some(waker.clone()),
                _ => None,
            })
        };
        if let Some(waker) = woken {
            self.fail(
                "busy-wake",
                format!("waker {waker} was woken although nothing had happened since the poll"),
            );
        }
    }

    /// Ends the test: a rule is broken. `code` is one of [`diagnosis::ALL`](crate::diagnosis::ALL).
    pub fn fail(&self, code: &str, seen: impl Into<String>) -> ! {
        self.end(Misconception::find(code).seen(self.shared.exercise.stage, seen))
    }

    /// As [`fail`](Self::fail), for a mistake that one chapter explains in several places: the reader
    /// is sent to this section of the stage's chapter (`one-permit`, without the `#`).
    pub fn fail_reading(&self, section: &str, code: &str, seen: impl Into<String>) -> ! {
        let stage = self.shared.exercise.stage;
        self.end(Diagnosis {
            read: format!("{stage}/README.md#{section}"),
            ..Misconception::find(code).seen(stage, seen)
        })
    }

    fn end(&self, diagnosis: Diagnosis) -> ! {
        let message = memory::uncounted(|| {
            journal::write(&Line::Diagnosis {
                diagnosis: diagnosis.clone(),
            });
            self.message(&diagnosis)
        });
        self.run().failed.get_or_insert(diagnosis);
        journal::end_test(&message)
    }

    /// Remarks on a run that is right and could be better.
    pub fn advise(&self, code: &str, seen: impl Into<String>) {
        let diagnosis = Misconception::find(code).seen(self.shared.exercise.stage, seen);
        journal::write(&Line::Advice { diagnosis });
    }

    /// A rule broken inside the code under test stays broken if that code caught the panic, or if the
    /// panic ended another thread than the test's.
    pub(crate) fn check_for_swallowed_failure(&self) {
        let failed = self.run().failed.clone();
        if let Some(diagnosis) = failed {
            journal::end_test(&self.message(&diagnosis));
        }
    }

    /// The run in the form in which every right design gives the same text.
    pub fn canonical(&self) -> String {
        trace::canonical(&self.run().events)
    }

    fn message(&self, diagnosis: &Diagnosis) -> String {
        let Diagnosis {
            code,
            title,
            seen,
            why,
            read,
        } = diagnosis;
        let events = &self.run().events;
        let (expected, yours) = match self.expected() {
            Some(expected) => (
                format!("expected:\n{expected}\nthis run:\n"),
                trace::faithful(events),
            ),
            None => (String::from("this run:\n"), trace::with_calls(events)),
        };
        format!("{title} ({code}): {seen}.\n{why}\nRead {read}\n\n{expected}{yours}")
    }

    /// The run, also after a panic: what was recorded before it still counts.
    fn run(&self) -> MutexGuard<'_, Run> {
        self.shared
            .run
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_wake(event: &Event, name: &str) -> bool {
    matches!(event, Event::Woken { waker } if waker == name)
}

/// The events after the last one that matches, or all.
fn after(events: &[Event], matches: impl Fn(&Event) -> bool) -> &[Event] {
    let start = events.iter().rposition(matches).map_or(0, |last| last + 1);
    &events[start..]
}
