//! The grader of `io_blocker`: many sources, one thread that blocks, and a signal that comes in between.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod fake;
    pub mod watchdog;
}
// As `fake` calls it.
use support::watchdog;

use std::{
    io::{self, ErrorKind, Write},
    net,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use course::{Exercise, Recorder, grade, grade_race};
use reactor::{
    Event, IoBlocker, ManualSelector, Runtime, Signals,
    selector::{self, MioSelector, Open, Opened, Replaced, Selector},
    sleep,
};
use support::fake::Fake;
use waker_timer::{ManualClock, clock};

const IO_BLOCKER: Exercise = course::exercise!(
    "io_blocker",
    stage = "04-reactor",
    feature = "my-io-blocker"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-io-blocker")]
const SOURCE: &str = include_str!("../exercises/io_blocker.rs");
#[cfg(not(feature = "my-io-blocker"))]
const SOURCE: &str = include_str!("../src/io_blocker.rs");

const HERE: &str = "ask-once-for-all";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A blocker over a selector and a clock in the grader's hands.
struct Desk<'a> {
    rec: &'a Recorder,
    manual: ManualSelector,
    blocker: IoBlocker,
    // Dropped in this order: the clock was there first.
    _selector: Replaced,
    _clock: clock::Replaced,
}

impl<'a> Desk<'a> {
    fn new(rec: &'a Recorder) -> Self {
        let time = Arc::new(ManualClock::new());
        let _clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time);
        let _selector = selector::replace(Arc::new(manual.clone()));
        let blocker = IoBlocker::new();
        Desk {
            rec,
            blocker: works(rec, "new", blocker),
            manual,
            _selector,
            _clock,
        }
    }

    /// Something happens to a source before the next look.
    fn happens(&self, id: usize, signals: Signals) {
        self.rec.note(format!("source {id} is {signals:?}"));
        self.manual.inject(Event { id, signals });
    }

    /// Blocks, and gives what was brought.
    fn block(&mut self, timeout: Option<Duration>) -> Vec<Event> {
        let mut events = Vec::new();
        self.block_into(timeout, &mut events);
        events
    }

    fn block_into(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) {
        let (looks, before) = (self.manual.timeouts().len(), events.len());
        self.rec.note(match timeout {
            Some(timeout) => format!("block for {timeout:?}"),
            None => "block without a limit".into(),
        });
        let blocked = self.blocker.block(timeout, events);
        for timeout in &self.manual.timeouts()[looks..] {
            self.rec.called(format!("select for {timeout:?}"));
        }
        if let Err(error) = &blocked
            && error.kind() == ErrorKind::Interrupted
        {
            let seen = "a signal handler ran while the system waited, and `block` gave that out as an error";
            self.rec.fail("fatal-interrupt", seen);
        }
        works(self.rec, "block", blocked);
        for event in events.iter().skip(before) {
            self.rec
                .note(format!("source {} came as {:?}", event.id, event.signals));
        }
    }

    /// The timeouts of all looks so far, in seconds.
    fn timeouts(&self) -> Vec<Option<Duration>> {
        self.manual.timeouts()
    }

    /// The rule that these events have come, in any order. Fails with `lost-edge`.
    fn must_have_come(&self, events: &[Event], expected: &[(usize, Signals)]) {
        for (id, signals) in expected {
            let event = Event {
                id: *id,
                signals: *signals,
            };
            if !events.contains(&event) {
                let seen = format!("source {id} was {signals:?}, and `block` brought {events:?}");
                self.rec.fail_reading(HERE, "lost-edge", seen);
            }
        }
        if events.len() > expected.len() {
            let seen = format!(
                "things that happened: {}; and `block` brought {events:?}",
                expected.len()
            );
            self.rec.fail_reading(HERE, "wrong-value", seen);
        }
    }
}

fn works<T>(rec: &Recorder, method: &str, result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| {
        let seen = format!("`{method}` gave an error, `{error}`, and nothing was wrong");
        rec.fail_reading(HERE, "wrong-value", seen)
    })
}

/// The kind of error that a call has to give. Fails with `swallowed-error`.
fn must_fail<T>(rec: &Recorder, result: io::Result<T>, kind: ErrorKind, why: &str) {
    match result {
        Err(error) if error.kind() == kind => {}
        Err(error) => {
            let seen = format!("{why}; the system says {kind:?}, and the caller gets {error:?}");
            rec.fail("swallowed-error", seen);
        }
        Ok(_) => {
            let seen = format!("{why}; the system says {kind:?}, and the caller gets `Ok`");
            rec.fail("swallowed-error", seen);
        }
    }
}

fn interest(id: usize, signals: Signals) -> Event {
    Event { id, signals }
}

#[test]
fn brings_what_has_happened_to_a_source() {
    grade!(IO_BLOCKER, lesson, |rec| {
        let mut desk = Desk::new(rec);
        let both = Signals::READABLE | Signals::WRITABLE;
        let wanted = [
            interest(1, Signals::READABLE),
            interest(2, Signals::WRITABLE),
            interest(3, both),
        ];
        for interest in wanted {
            let added = desk.blocker.add_io_event_interest(&mut Fake, interest);
            works(rec, "add_io_event_interest", added);
        }
        let registered = desk.manual.registrations();
        if registered != wanted {
            let seen = format!("the interest was {wanted:?}; the system was told {registered:?}");
            rec.fail_reading(HERE, "wrong-value", seen);
        }
        desk.happens(1, Signals::READABLE);
        let events = desk.block(None);
        desk.must_have_come(&events, &[(1, Signals::READABLE)]);
    });
}

#[test]
fn brings_several_events_in_one_go() {
    grade!(IO_BLOCKER, |rec| {
        let mut desk = Desk::new(rec);
        let happened = [
            (1, Signals::READABLE),
            (2, Signals::WRITABLE),
            (3, Signals::READABLE | Signals::READ_CLOSED),
            (1, Signals::WRITABLE),
        ];
        for (id, signals) in happened {
            desk.happens(id, signals);
        }
        let events = desk.block(None);
        desk.must_have_come(&events, &happened);
    });
}

#[test]
fn adds_to_what_is_in_the_list() {
    grade!(IO_BLOCKER, |rec| {
        let mut desk = Desk::new(rec);
        let mut events = vec![interest(9, Signals::WRITABLE)];
        desk.happens(1, Signals::READABLE);
        desk.block_into(None, &mut events);
        desk.must_have_come(&events, &[(9, Signals::WRITABLE), (1, Signals::READABLE)]);
        desk.happens(2, Signals::READABLE);
        let events = desk.block(None);
        desk.must_have_come(&events, &[(2, Signals::READABLE)]);
    });
}

#[test]
fn sleeps_as_long_as_it_is_told() {
    grade!(IO_BLOCKER, |rec| {
        // Less than a millisecond is not nothing.
        let short = Duration::from_micros(900);
        for timeout in [Duration::ZERO, short, MINUTE, Duration::MAX] {
            let mut desk = Desk::new(rec);
            let before = clock::now();
            if timeout == Duration::MAX {
                // Nobody waits that long.
                desk.happens(1, Signals::READABLE);
            }
            let watch = rec.clone();
            desk.manual.before_sleep(move |asked| {
                if asked.is_none() {
                    let seen = format!("`block` was told {timeout:?}, and sleeps without a limit");
                    watch.fail_reading(HERE, "never-returns", seen);
                }
            });
            desk.block(Some(timeout));
            let (first, passed) = (desk.timeouts()[0], clock::now() - before);
            if first > Some(timeout) || first.is_none() {
                let seen =
                    format!("`block` was told {timeout:?}, and asked the system for {first:?}");
                rec.fail_reading(HERE, "restarted-timeout", seen);
            }
            if timeout < Duration::MAX && passed != timeout {
                must_use_the_clock(rec);
                let seen = format!(
                    "`block` was told {timeout:?}, nothing happened, and it came back after {passed:?}"
                );
                rec.fail_reading(HERE, "early-return", seen);
            }
        }
        let mut desk = Desk::new(rec);
        desk.happens(1, Signals::READABLE);
        desk.block(None);
        if desk.timeouts()[0].is_some() {
            let seen = format!(
                "`block` was told no limit, and asked the system for {:?}",
                desk.timeouts()[0]
            );
            rec.fail_reading(HERE, "early-return", seen);
        }
    });
}

#[test]
fn a_signal_is_no_error() {
    grade!(IO_BLOCKER, |rec| {
        let mut desk = Desk::new(rec);
        for timeout in [None, Some(MINUTE)] {
            rec.note("three signals come");
            desk.manual.fail_with_interrupted(3, Duration::ZERO);
            desk.happens(1, Signals::READABLE);
            let events = desk.block(timeout);
            if events.is_empty() {
                let seen = "a signal came, and `block` came back with nothing";
                rec.fail_reading(HERE, "early-return", seen);
            }
            desk.must_have_come(&events, &[(1, Signals::READABLE)]);
        }
        rec.note("a signal comes");
        desk.manual.fail_with_interrupted(1, Duration::ZERO);
        // Who waits for no time at all may be told nothing then.
        desk.block(Some(Duration::ZERO));
    });
}

#[test]
fn a_signal_starts_no_new_time() {
    grade!(IO_BLOCKER, |rec| {
        let mut desk = Desk::new(rec);
        rec.note("three signals come, ten seconds apart");
        desk.manual.fail_with_interrupted(3, 10 * SECOND);
        let before = clock::now();
        desk.block(Some(MINUTE));
        let passed = clock::now() - before;
        if passed > MINUTE {
            must_use_the_clock(rec);
            let seen = format!("`block` was told a minute, and came back after {passed:?}");
            rec.fail("restarted-timeout", seen);
        }
        if passed < MINUTE {
            let seen = format!(
                "nothing happened but signals, and `block` for a minute came back after {passed:?}"
            );
            rec.fail_reading(HERE, "early-return", seen);
        }
        // The last signal comes when the time is over, or nearly.
        for after in [MINUTE - Duration::from_micros(1), MINUTE] {
            desk.manual.fail_with_interrupted(1, after);
            let before = clock::now();
            desk.block(Some(MINUTE));
            let passed = clock::now() - before;
            if passed > MINUTE {
                let seen = format!(
                    "a signal came after {after:?}, and `block` for a minute came back after {passed:?}"
                );
                rec.fail("restarted-timeout", seen);
            }
        }
    });
}

/// Fails with `bypassed-seam` if the time is taken from somewhere else.
fn must_use_the_clock(rec: &Recorder) {
    let code = SOURCE.lines().filter_map(|line| line.split("//").next());
    let names = ["Instant::now", ".elapsed()", "SystemTime"];
    if code
        .into_iter()
        .any(|line| names.iter().any(|name| line.contains(name)))
    {
        rec.fail_reading(
            HERE,
            "bypassed-seam",
            "time passed on the course's clock, and the file asks another one: take `waker_timer::clock::now()`",
        );
    }
}

/// Opens a new selector for everybody who asks.
#[derive(Default)]
struct Fresh(Mutex<Vec<ManualSelector>>);

impl Open for Fresh {
    fn open(&self) -> io::Result<Opened> {
        let manual = ManualSelector::new();
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        opened.push(manual.clone());
        manual.open()
    }
}

#[test]
fn waits_where_it_is_interrupted() {
    grade!(IO_BLOCKER, |rec| {
        let fresh = Arc::new(Fresh::default());
        let _replaced = selector::replace(fresh.clone());
        let mut blocker = works(rec, "new", IoBlocker::new());
        let registered = (blocker.registry()).register(&mut Fake, 5, Signals::READABLE);
        works(rec, "registry().register", registered);
        works(
            rec,
            "interrupt().interrupt",
            blocker.interrupt().interrupt(),
        );
        let blocked = blocker.block(Some(Duration::ZERO), &mut Vec::new());
        works(rec, "block", blocked);
        let opened = fresh.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |manual: &&ManualSelector| !manual.timeouts().is_empty();
        let Some(manual) = opened.iter().find(waits) else {
            rec.fail_reading(HERE, "wrong-value", "`block` asked no selector");
        };
        if manual.interrupts() == 0 {
            let seen = "what `interrupt` gave out ends the sleep of another selector than the one that `block` waits in";
            rec.fail_reading(HERE, "lost-wakeup", seen);
        }
        if manual.registrations().is_empty() {
            let seen = "what `registry` gave out registers with another selector than the one that `block` waits in";
            rec.fail_reading(HERE, "wrong-value", seen);
        }
    });
}

#[test]
fn comes_back_when_it_is_interrupted() {
    grade!(IO_BLOCKER, |rec| {
        for timeout in [None, Some(MINUTE)] {
            let mut desk = Desk::new(rec);
            let interrupt = desk.blocker.interrupt();
            // A second sleep of the same call is one too many: nobody would end it.
            let (sleeps, watch) = (Arc::new(AtomicUsize::new(0)), rec.clone());
            desk.manual.before_sleep(move |_| {
                if sleeps.fetch_add(1, SeqCst) > 0 {
                    let seen = "`block` was interrupted, found no event, and went to sleep again";
                    watch.fail_reading(HERE, "lost-wakeup", seen);
                }
                watch.called("somebody interrupts the sleep");
                let interrupted = interrupt.interrupt();
                works(&watch, "interrupt", interrupted);
            });
            let events = desk.block(timeout);
            desk.must_have_come(&events, &[]);
        }
    });
}

#[test]
fn an_interest_is_added_once_and_can_be_taken_back() {
    grade!(IO_BLOCKER, |rec| {
        let desk = Desk::new(rec);
        let (mut source, _peer) = connection().expect("a connection within this machine");
        let readable = interest(1, Signals::READABLE);
        let blocker = &desk.blocker;

        let added = blocker.add_io_event_interest(&mut source, readable);
        works(rec, "add_io_event_interest", added);
        let again = blocker.add_io_event_interest(&mut source, readable);
        let twice = "a source was added a second time";
        must_fail(rec, again, ErrorKind::AlreadyExists, twice);
        works(rec, "remove", blocker.remove(&mut source));
        if desk.manual.registered() > 0 {
            rec.fail(
                "left-behind",
                "the source was removed, and the system still looks after it",
            );
        }
        let gone = blocker.remove(&mut source);
        must_fail(
            rec,
            gone,
            ErrorKind::NotFound,
            "a source was removed a second time",
        );
        let added = blocker.add_io_event_interest(&mut source, readable);
        works(rec, "add_io_event_interest", added);
        works(rec, "remove", blocker.remove(&mut source));
    });
}

#[test]
fn takes_sources_while_it_blocks() {
    grade!(IO_BLOCKER, |rec| {
        let mut desk = Desk::new(rec);
        let (registry, manual) = (desk.blocker.registry(), desk.manual.clone());
        let watch = rec.clone();
        desk.manual.before_sleep(move |_| {
            let registry = Arc::clone(&registry);
            let other = thread::spawn(move || registry.register(&mut Fake, 5, Signals::WRITABLE));
            let registered = other.join().expect("`register` does not panic");
            works(&watch, "registry().register", registered);
            manual.inject(interest(5, Signals::WRITABLE));
        });
        let events = desk.block(None);
        desk.must_have_come(&events, &[(5, Signals::WRITABLE)]);
    });
}

/// A selector that always fails, and one that cannot even be opened.
struct Broken {
    opens: bool,
}

impl Open for Broken {
    fn open(&self) -> io::Result<Opened> {
        if !self.opens {
            return Err(ErrorKind::OutOfMemory.into());
        }
        let opened = ManualSelector::new().open()?;
        Ok(Opened {
            selector: Box::new(Fails),
            ..opened
        })
    }
}

struct Fails;

impl Selector for Fails {
    fn select(&mut self, _: &mut Vec<Event>, _: Option<Duration>) -> io::Result<()> {
        Err(ErrorKind::PermissionDenied.into())
    }
}

#[test]
fn other_errors_reach_the_caller() {
    grade!(IO_BLOCKER, |rec| {
        let replaced = selector::replace(Arc::new(Broken { opens: false }));
        let why = "no selector could be opened";
        must_fail(rec, IoBlocker::new(), ErrorKind::OutOfMemory, why);
        drop(replaced);
        let _replaced = selector::replace(Arc::new(Broken { opens: true }));
        let mut blocker = works(rec, "new", IoBlocker::new());
        for timeout in [None, Some(SECOND)] {
            let blocked = blocker.block(timeout, &mut Vec::new());
            must_fail(rec, blocked, ErrorKind::PermissionDenied, "`select` failed");
        }
    });
}

#[test]
fn blocks_for_real_sockets() {
    grade_race!(IO_BLOCKER, |rec| {
        let _real = selector::replace(Arc::new(MioSelector));
        let mut blocker = works(rec, "new", IoBlocker::new());
        let (mut one, mut peer) = connection().expect("a connection within this machine");
        let (mut two, _other) = connection().expect("a connection within this machine");
        for (id, source) in [(1, &mut one), (2, &mut two)] {
            let readable = interest(id, Signals::READABLE);
            let added = blocker.add_io_event_interest(source, readable);
            works(rec, "add_io_event_interest", added);
        }
        let sender = thread::spawn(move || peer.write_all(b"hello").map(|()| peer));
        let events = block_until_something(rec, &mut blocker);
        for event in &events {
            rec.called(format!("Socket {} is now {:?}", event.id, event.signals));
        }
        if events[0].id != 1 || !events[0].signals.contains(Signals::READABLE) {
            let seen = format!("\"hello\" was sent to socket 1, and `block` brought {events:?}");
            rec.fail_reading(HERE, "wrong-value", seen);
        }
        let _peer = sender.join().expect("it only sends");

        let interrupt = blocker.interrupt();
        let bell = thread::spawn(move || interrupt.interrupt());
        let blocked = blocker.block(None, &mut Vec::new());
        works(rec, "block", blocked);
        let rung = bell.join().expect("it only rings");
        works(rec, "interrupt", rung);
        works(rec, "remove", blocker.remove(&mut one));
        works(rec, "remove", blocker.remove(&mut two));
    });
}

/// It may come back with nothing.
fn block_until_something(rec: &Recorder, blocker: &mut IoBlocker) -> Vec<Event> {
    let mut events = Vec::new();
    while events.is_empty() {
        let blocked = blocker.block(None, &mut events);
        works(rec, "block", blocked);
    }
    events
}

/// A connection: this end for mio, and the other end.
fn connection() -> io::Result<(mio::net::TcpStream, net::TcpStream)> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let peer = net::TcpStream::connect(listener.local_addr()?)?;
    let (socket, _) = listener.accept()?;
    socket.set_nonblocking(true)?;
    Ok((mio::net::TcpStream::from_std(socket), peer))
}

/// The blocker is the place in which a runtime sleeps.
#[test]
fn carries_a_runtime() {
    grade_race!(IO_BLOCKER, |rec| {
        let time = Arc::new(ManualClock::new());
        let _clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time);
        let _selector = selector::replace(Arc::new(manual.clone()));
        let before = clock::now();
        let mut runtime = works(rec, "Runtime::new", Runtime::new());
        manual.fail_with_interrupted(5, SECOND);
        runtime.block_on(sleep(60 * MINUTE));
        let passed = clock::now() - before;
        if passed != 60 * MINUTE {
            let seen = format!("a runtime slept for an hour, and woke up after {passed:?}");
            rec.fail("restarted-timeout", seen);
        }
    });
}
