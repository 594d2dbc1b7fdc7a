//! The grader of `two_wakers`: a reader and a writer wait for one socket, and each is woken.

#[cfg_attr(feature = "my-two-wakers", path = "../exercises/two_wakers.rs")]
#[cfg_attr(
    not(feature = "my-two-wakers"),
    path = "../../tests/solutions/04-reactor/two_wakers/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod two_wakers;
// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod wire;
}

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    task::{Context, Poll},
    thread,
};

use course::{Exercise, Race, RecordedWaker, Recorder, grade, grade_race};
use reactor::{
    Direction::{self, Read as Reading, Write as Writing},
    Event, ManualSelector, Signals,
    selector::{MioSelector, Open},
};
use support::wire::Wire;
use two_wakers::{Socket, Sockets};

const TWO_WAKERS: Exercise = course::exercise!(
    "two_wakers",
    stage = "04-reactor",
    feature = "my-two-wakers"
);

/// Where the chapter explains it.
const SECTION: &str = "reader-and-writer";

/// Sockets whose events are those that the grader reports.
struct Scene {
    recorder: Recorder,
    selector: ManualSelector,
    sockets: Sockets,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        let selector = ManualSelector::new();
        let registry = selector.open().expect("it is always open").registry;
        Scene {
            recorder: recorder.clone(),
            selector,
            sockets: Sockets::new(registry),
        }
    }

    /// A socket with nothing to read, and no room to write.
    fn line(&self) -> Line {
        let wire = Wire::new(&self.recorder);
        let socket = self.sockets.add(wire.clone());
        Line {
            recorder: self.recorder.clone(),
            sockets: self.sockets.clone(),
            socket: Arc::new(socket.expect("a wire can be registered")),
            wire,
            id: (self.selector.registrations().last())
                .unwrap_or_else(|| {
                    self.recorder.fail(
                        "lost-wakeup",
                        "`add` has not registered the socket: no event will ever come for it",
                    )
                })
                .id,
        }
    }
}

/// One socket, and the world at its other end.
#[derive(Clone)]
struct Line {
    recorder: Recorder,
    sockets: Sockets,
    socket: Arc<Socket<Wire>>,
    wire: Wire,
    id: usize,
}

impl Line {
    /// A task at this end, with a waker of this name.
    fn task(&self, direction: Direction, waker: &'static str) -> Party {
        self.party(direction, self.recorder.waker(waker))
    }

    fn party(&self, direction: Direction, waker: RecordedWaker) -> Party {
        Party {
            line: self.clone(),
            direction,
            waker,
            heard: 0,
        }
    }

    /// One poll that is not recorded.
    fn poll(&self, direction: Direction, cx: &mut Context<'_>) -> Poll<io::Result<&'static str>> {
        let attempt = |wire: &Wire| wire.attempt(direction);
        match direction {
            Reading => self.socket.poll_read(cx, attempt),
            Writing => self.socket.poll_write(cx, attempt),
        }
    }

    /// Something has come to read, or room to write: this is noted, and reported.
    fn happens(&self, direction: Direction) {
        self.recorder.note(what_happens(direction));
        self.happens_quietly(direction);
    }

    fn happens_quietly(&self, direction: Direction) {
        self.wire.allow(direction);
        self.report(match direction {
            Reading => Signals::READABLE,
            Writing => Signals::WRITABLE,
        });
    }

    fn report(&self, signals: Signals) {
        self.sockets.deliver(&[self.event(signals)]);
    }

    fn event(&self, signals: Signals) -> Event {
        Event {
            id: self.id,
            signals,
        }
    }
}

fn what_happens(direction: Direction) -> &'static str {
    match direction {
        Reading => "something to read has come",
        Writing => "there is room to write",
    }
}

fn name(direction: Direction) -> &'static str {
    match direction {
        Reading => "reader",
        Writing => "writer",
    }
}

fn the_other(direction: Direction) -> Direction {
    match direction {
        Reading => Writing,
        Writing => Reading,
    }
}

/// A task that reads or writes.
struct Party {
    line: Line,
    direction: Direction,
    waker: RecordedWaker,
    /// How many wakes had come when it was polled last.
    heard: usize,
}

impl Party {
    fn poll(&mut self) -> Poll<io::Result<&'static str>> {
        let (line, direction) = (&self.line, self.direction);
        self.heard = line.recorder.wakes(self.waker.name());
        line.recorder.poll_named(
            name(direction),
            self.waker.name(),
            || line.poll(direction, &mut Context::from_waker(self.waker.as_waker())),
            |poll| match poll {
                Poll::Ready(answer) => Some(format!("{answer:?}")),
                Poll::Pending => None,
            },
        )
    }

    /// Polls: there is nothing, so it has to wait, and nobody is woken.
    fn waits(&mut self) {
        if let Poll::Ready(answer) = self.poll() {
            self.line.recorder.fail(
                "early-ready",
                format!(
                    "the {} was Ready({answer:?}) although the operation said WouldBlock",
                    name(self.direction)
                ),
            );
        }
        self.line.recorder.must_be_quiet();
    }

    /// Polls: there is something.
    fn finds(&mut self) {
        match self.poll() {
            Poll::Ready(Ok(_)) => {}
            Poll::Ready(Err(error)) => self.line.recorder.fail(
                "wrong-value",
                format!("the operation succeeds, and the poll gives the error \"{error}\""),
            ),
            Poll::Pending => self.line.recorder.fail(
                "never-ready",
                format!(
                    "the {} was Pending although {}",
                    name(self.direction),
                    what_happens(self.direction)
                ),
            ),
        }
    }

    /// It holds on to the socket no longer.
    fn leaves(self) -> RecordedWaker {
        self.waker
    }

    fn is_woken(&self) -> bool {
        self.line.recorder.wakes(self.waker.name()) > self.heard
    }

    /// What an executor does: it polls whoever was woken. There is nothing for this one yet.
    fn looks_if_woken(&mut self) {
        if self.is_woken() {
            self.waits();
        }
    }

    /// The rule that its event has woken it. `before` is what happened since it began to wait.
    fn must_be_woken(&self, code: &str, before: &str) {
        if !self.is_woken() {
            let (role, waker) = (name(self.direction), self.waker.name());
            self.line.recorder.fail_reading(
                SECTION,
                code,
                format!(
                    "the {role} waits with waker {waker}; {before}; now {}, and {waker} is not woken",
                    what_happens(self.direction)
                ),
            );
        }
    }

    /// Its event comes, and it finds what there is.
    fn is_served(&mut self) {
        self.line.happens(self.direction);
        let event = what_happens(self.direction);
        self.line.recorder.must_wake(self.waker.name(), event);
        self.finds();
    }
}

/// One task alone: as before.
fn alone(rec: &Recorder, direction: Direction) {
    let line = Scene::set(rec).line();
    line.wire.allow(direction);
    let mut task = line.task(direction, "A");
    task.finds();
    for _ in 0..2 {
        task.waits();
        task.waits();
        task.is_served();
    }
}

#[test]
fn a_reader_waits_only_if_there_is_nothing() {
    grade!(TWO_WAKERS, |rec| alone(rec, Reading));
}

#[test]
fn a_writer_waits_only_if_there_is_no_room() {
    grade!(TWO_WAKERS, |rec| alone(rec, Writing));
}

/// One waits, another one comes to wait in the other direction, and then the first one's event comes.
fn the_first_of_two(rec: &Recorder, first: Direction) {
    let line = Scene::set(rec).line();
    let mut waiting = line.task(first, "A");
    waiting.waits();
    let second = the_other(first);
    rec.note(format!("a {} comes, and has to wait too", name(second)));
    // Not a recorded one: to wake it for nothing, or not to, is all the same.
    let other = Arc::new(Quiet).into();
    if line
        .poll(second, &mut Context::from_waker(&other))
        .is_ready()
    {
        rec.fail(
            "early-ready",
            format!(
                "the {} was Ready although the operation said WouldBlock",
                name(second)
            ),
        );
    }
    rec.must_be_quiet();
    line.happens(first);
    waiting.must_be_woken(
        "overwritten-wake",
        &format!("then a {} came, to wait for the same socket", name(second)),
    );
    waiting.finds();
}

/// A task that nobody asks whether it was woken.
struct Quiet;

impl std::task::Wake for Quiet {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_reader_is_woken_although_a_writer_waits() {
    grade!(TWO_WAKERS, lesson, |rec| the_first_of_two(rec, Reading));
}

#[test]
fn a_writer_is_woken_although_a_reader_waits() {
    grade!(TWO_WAKERS, |rec| the_first_of_two(rec, Writing));
}

#[test]
fn each_is_woken_by_its_own_event() {
    grade!(TWO_WAKERS, |rec| {
        for (first_to_wait, first_event) in [
            (Reading, Reading),
            (Reading, Writing),
            (Writing, Reading),
            (Writing, Writing),
        ] {
            rec.note("a new socket");
            let line = Scene::set(rec).line();
            let names = |direction| if direction == Reading { "R" } else { "W" };
            let task = |direction| line.task(direction, names(direction));
            let (mut one, mut other) = (task(first_event), task(the_other(first_event)));
            if first_to_wait == first_event {
                one.waits();
                other.waits();
            } else {
                other.waits();
                one.waits();
            }
            let kept = other.waker.clones_alive() > 0;
            line.happens(first_event);
            one.must_be_woken(
                "overwritten-wake",
                &format!("a {} waits too", name(other.direction)),
            );
            one.finds();
            other.looks_if_woken();
            line.happens(other.direction);
            other.must_be_woken(
                if kept {
                    "lost-wakeup"
                } else {
                    "overwritten-wake"
                },
                "an event of the other direction has come and gone",
            );
            other.finds();
        }
    });
}

#[test]
fn an_event_of_both_directions_wakes_both() {
    grade_race!(TWO_WAKERS, |rec| {
        let end = Signals::READ_CLOSED | Signals::WRITE_CLOSED;
        let both = Signals::READABLE | Signals::WRITABLE;
        for signals in [
            &[both][..],
            &[end],
            &[both | end],
            &[Signals::READABLE, Signals::WRITABLE],
        ] {
            rec.note("a new socket");
            let line = Scene::set(rec).line();
            let (mut reader, mut writer) = (line.task(Reading, "R"), line.task(Writing, "W"));
            reader.waits();
            writer.waits();
            rec.note(format!("the selector reports {signals:?}"));
            line.wire.allow(Reading);
            line.wire.allow(Writing);
            let events: Vec<_> = signals.iter().map(|signals| line.event(*signals)).collect();
            line.sockets.deliver(&events);
            for task in [&mut reader, &mut writer] {
                if !task.is_woken() {
                    let direction = task.direction;
                    let theirs = direction.signals();
                    let (section, code) = match signals {
                        [signals] if *signals == end => ("who-waits-for-what", "lost-end"),
                        _ => (SECTION, "lost-wakeup"),
                    };
                    rec.fail_reading(
                        section,
                        code,
                        format!(
                            "a reader and a writer wait; the selector reports {signals:?}, and the {0} is not woken; what \
                             concerns a {0} is each of {theirs:?} (`Direction::{direction:?}.signals()`)",
                            name(direction)
                        ),
                    );
                }
                task.finds();
            }
        }
    });
}

#[test]
fn one_task_may_wait_for_both() {
    grade!(TWO_WAKERS, |rec| {
        for first in [Reading, Writing] {
            let line = Scene::set(rec).line();
            let mut one = line.task(first, "A");
            let mut other = Party {
                waker: rec.waker("A"),
                ..line.task(the_other(first), "A")
            };
            one.waits();
            other.waits();
            line.happens(other.direction);
            other.must_be_woken(
                "overwritten-wake",
                "the same task waits in the other direction too",
            );
            other.finds();
            // A task that was woken looks at all that it waits for.
            one.waits();
            one.is_served();
        }
    });
}

#[test]
fn sockets_do_not_disturb_each_other() {
    grade!(TWO_WAKERS, |rec| {
        let scene = Scene::set(rec);
        let (left, right) = (scene.line(), scene.line());
        for direction in [Reading, Writing] {
            let (mut one, mut other) = (left.task(direction, "A"), right.task(direction, "B"));
            one.waits();
            other.waits();
            left.happens(direction);
            one.must_be_woken(
                "overwritten-wake",
                "then another task came, to wait for another socket",
            );
            one.finds();
            other.looks_if_woken();
            other.is_served();
        }
    });
}

#[test]
fn wakes_the_latest_task_of_each_direction() {
    grade!(TWO_WAKERS, |rec| {
        for direction in [Reading, Writing] {
            let line = Scene::set(rec).line();
            let mut rival = line.task(the_other(direction), "X");
            let (mut one, mut other) = (line.task(direction, "A"), line.task(direction, "B"));
            one.waits();
            rival.waits();
            other.waits();
            other.is_served();
            rival.looks_if_woken();
            // And back again.
            other.waits();
            one.waits();
            one.is_served();
            rival.looks_if_woken();
            line.happens(rival.direction);
            rival.must_be_woken(
                "overwritten-wake",
                &format!("since then a {} has polled several times", name(direction)),
            );
            rival.finds();
        }
    });
}

#[test]
fn keeps_one_waker_for_each_direction() {
    grade_race!(TWO_WAKERS, |rec| {
        for direction in [Reading, Writing] {
            let line = Scene::set(rec).line();
            let (mut one, mut other) = (line.task(direction, "A"), line.task(direction, "B"));
            for _ in 0..50 {
                one.waits();
            }
            let kept = one.waker.clones_alive();
            if kept > 2 {
                rec.fail_reading(
                    SECTION,
                    "wait-per-poll",
                    format!(
                        "a task was polled 50 times, and the socket keeps {kept} of its wakers"
                    ),
                );
            }
            other.waits();
            if one.waker.clones_alive() > 0 {
                rec.fail_reading(
                    SECTION,
                    "keeps-task-alive",
                    format!(
                        "another {0} polls now, and the socket keeps the waker of the {0} before",
                        name(direction)
                    ),
                );
            }
        }
    });
}

#[test]
fn a_dropped_socket_leaves_no_waker_behind() {
    grade_race!(TWO_WAKERS, |rec| {
        let scene = Scene::set(rec);
        let line = scene.line();
        let (mut reader, mut writer) = (line.task(Reading, "R"), line.task(Writing, "W"));
        reader.waits();
        writer.waits();
        let (sockets, id) = (line.sockets.clone(), line.id);
        rec.note("the socket is dropped");
        let (read, write) = (reader.leaves(), writer.leaves());
        drop(line);
        for (waker, role) in [(&read, "reader"), (&write, "writer")] {
            if waker.clones_alive() > 0 {
                rec.fail(
                    "keeps-task-alive",
                    format!("a {role} waited; the socket is dropped, and the {role}'s waker is still there"),
                );
            }
        }
        if scene.selector.registered() > 0 {
            rec.fail(
                "left-behind",
                "the socket is dropped, and the selector still looks after it",
            );
        }
        rec.note("a late event comes, and one that was for nobody");
        let signals = Signals::READABLE | Signals::WRITABLE;
        sockets.deliver(&[Event { id, signals }, Event { id: 77, signals }]);
        rec.must_be_quiet();
    });
}

/// The event of `direction` comes in the middle of a poll: where an operation, after `skip` others, has
/// found nothing; or without a number, where the waker is cloned. Tells whether the poll came by there.
fn the_event_comes_in_a_poll(rec: &Recorder, direction: Direction, skip: Option<usize>) -> bool {
    let line = Scene::set(rec).line();
    // As it is when it counts: somebody waits in the other direction.
    let mut rival = line.task(the_other(direction), "X");
    rival.waits();
    let race = Race::new();
    let (theirs, noted) = (line.clone(), rec.clone());
    let event = move || {
        noted.note(format!(
            "{}, in the middle of the poll",
            what_happens(direction)
        ));
        theirs.happens_quietly(direction);
    };
    let mut waker = rec.hostile_waker("A");
    match skip {
        Some(skip) => line.wire.when_it_would_block(skip, race.once(event)),
        None => waker = waker.on_clone(race.once(event)),
    }
    let mut task = line.party(direction, waker.build());
    let polled = task.poll();
    race.finish();
    line.wire.call_off();
    if !race.was_forced() {
        return false;
    }
    if polled.is_pending() {
        if !task.is_woken() {
            rec.fail(
                "check-then-register",
                format!(
                    "the {} tried, and found nothing; its event came before the poll was over; the poll answered \
                     Pending, and nobody woke it",
                    name(direction)
                ),
            );
        }
        task.finds();
    }
    true
}

#[test]
fn misses_no_event_that_comes_in_the_middle_of_a_poll() {
    grade_race!(TWO_WAKERS, |rec| {
        for direction in [Reading, Writing] {
            the_event_comes_in_a_poll(rec, direction, None);
            for skip in 0.. {
                if !the_event_comes_in_a_poll(rec, direction, Some(skip)) {
                    break;
                }
            }
        }
    });
}

#[test]
fn a_woken_task_may_poll_at_once() {
    grade_race!(TWO_WAKERS, |rec| {
        for direction in [Reading, Writing] {
            let line = Scene::set(rec).line();
            let (race, theirs) = (Race::certain(), line.clone());
            let poll = race.once(move || {
                let other = Arc::new(Quiet).into();
                let mut cx = Context::from_waker(&other);
                let _ = theirs.poll(direction, &mut cx);
                let _ = theirs.poll(the_other(direction), &mut cx);
            });
            let mut task = line.party(direction, rec.hostile_waker("A").on_wake(poll).build());
            task.waits();
            line.happens(direction);
            if race.was_blocked() {
                rec.fail(
                    "wakes-under-lock",
                    "the task is polled within its wake, on another thread, and that poll waits for a lock that is \
                     held by the wake",
                );
            }
            race.finish();
        }
    });
}

#[test]
fn wakers_are_dropped_where_no_lock_is_held() {
    grade_race!(TWO_WAKERS, |rec| {
        for by_the_sockets_end in [false, true] {
            let scene = Scene::set(rec);
            let (line, another) = (scene.line(), scene.line());
            let race = Race::certain();
            let poll = race.once(move || {
                let other = Arc::new(Quiet).into();
                let _ = another.poll(Reading, &mut Context::from_waker(&other));
            });
            let mut task = line.party(Reading, rec.hostile_waker("A").on_drop(poll).build());
            task.waits();
            if by_the_sockets_end {
                let waker = task.leaves();
                drop(line);
                drop(waker);
            } else {
                line.task(Reading, "B").waits();
            }
            if race.was_blocked() {
                let seen = match by_the_sockets_end {
                    true => "a socket is dropped, and its waker is dropped under the lock",
                    false => {
                        "a later poll brings another waker, and the one before is dropped under the lock"
                    }
                };
                rec.advise("drops-under-lock", seen);
            }
            race.finish();
        }
    });
}

#[test]
fn serves_a_real_connection_in_both_directions() {
    grade_race!(TWO_WAKERS, |rec| {
        let opened = MioSelector.open().expect("the system has a selector");
        let mut selector = opened.selector;
        let sockets = Sockets::new(opened.registry);
        let (mut peer, ours) = connection();
        let socket = sockets.add(ours).expect("a stream can be registered");
        let (reader, writer) = (rec.waker("R"), rec.waker("W"));
        let chunk = [7; 1 << 16];
        let read = || {
            let mut cx = Context::from_waker(reader.as_waker());
            let mut word = [0; 16];
            let length = socket.poll_read(&mut cx, |mut stream| stream.read(&mut word));
            length.map_ok(|length| word[..length].to_vec())
        };
        let write = || {
            let mut cx = Context::from_waker(writer.as_waker());
            socket.poll_write(&mut cx, |mut stream| stream.write(&chunk))
        };
        let fill = || {
            while let Poll::Ready(written) = write() {
                written.expect("the peer is there");
            }
        };

        rec.note("a writer writes until there is no room any more");
        fill();
        rec.note("a reader waits");
        if read().is_ready() {
            rec.fail(
                "early-ready",
                "the reader was Ready, and the peer is silent",
            );
        }
        rec.note("the peer says a word, and reads nothing");
        peer.write_all(b"howdy").expect("a word fits");
        let mut wait_for = |signal: Signals, or_woken: &dyn Fn()| {
            let mut seen = false;
            while !seen {
                let mut events = Vec::new();
                selector
                    .select(&mut events, None)
                    .expect("nobody interrupts");
                seen = events.iter().any(|event| event.signals.intersects(signal));
                sockets.deliver(&events);
                or_woken();
            }
        };
        let mut writers_wakes = rec.wakes("W");
        wait_for(Signals::READABLE, &|| {
            // The system may report more room than a socket has, and a wake may be for nothing.
            if rec.wakes("W") > writers_wakes {
                fill();
            }
        });
        rec.must_wake(
            "R",
            "the system has reported that there is something to read",
        );
        match read() {
            Poll::Ready(Ok(word)) if word == b"howdy" => {}
            other => rec.fail(
                "never-ready",
                format!("a word has come, and the reader gets {other:?}"),
            ),
        }
        // Whatever woke the writer until now, it has to wait now, and its latest poll counts.
        fill();
        rec.note("the peer reads all that has come");
        writers_wakes = rec.wakes("W");
        let reading = thread::spawn(move || io::copy(&mut peer, &mut io::sink()));
        wait_for(Signals::WRITABLE, &|| {});
        if rec.wakes("W") == writers_wakes {
            rec.fail(
                "lost-wakeup",
                "the system has reported that there is room, and the writer is not woken",
            );
        }
        match write() {
            Poll::Ready(Ok(_)) => {}
            other => rec.fail(
                "never-ready",
                format!("there is room, and the writer gets {other:?}"),
            ),
        }
        drop(socket);
        reading
            .join()
            .expect("it only reads")
            .expect("the end of the connection is no error");
    });
}

/// The peer's end of a connection, and ours.
fn connection() -> (TcpStream, mio::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback address is free");
    let address = listener.local_addr().expect("it is bound");
    let peer = TcpStream::connect(address).expect("the listener listens");
    let (ours, _) = listener.accept().expect("the peer has connected");
    ours.set_nonblocking(true)
        .expect("a stream can be made non-blocking");
    (peer, mio::net::TcpStream::from_std(ours))
}
