//! The grader of `deregister`: a read or a socket that is dropped leaves nothing behind.

#[cfg_attr(feature = "my-deregister", path = "../exercises/deregister.rs")]
#[cfg_attr(
    not(feature = "my-deregister"),
    path = "../../tests/solutions/04-reactor/deregister/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod deregister;
// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod wire;
}

use std::{
    fmt,
    io::{self, Write},
    net::{TcpListener, TcpStream},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use course::{Exercise, Race, RecordedWaker, Recorder, grade, grade_race};
use deregister::{Socket, SocketRead, Sockets};
use mio::{Interest, Registry, Token, event::Source};
use reactor::{
    Direction, Event, ManualSelector, Signals,
    selector::{MioSelector, Open},
};
use support::wire::Wire;

const DEREGISTER: Exercise = course::exercise!(
    "deregister",
    stage = "04-reactor",
    feature = "my-deregister"
);

/// Sockets whose events are those that the grader reports.
struct Scene {
    recorder: Recorder,
    selector: ManualSelector,
    sockets: Sockets,
}

/// A read under way.
struct Reading<'a> {
    recorder: Recorder,
    /// The name in the trace.
    name: &'static str,
    future: Pin<Box<SocketRead<'a, Wire>>>,
}

impl Reading<'_> {
    fn poll(&mut self, waker: &RecordedWaker) -> Poll<io::Result<Vec<u8>>> {
        let future = self.future.as_mut();
        self.recorder.poll_named(
            self.name,
            waker.name(),
            || future.poll(&mut Context::from_waker(waker.as_waker())),
            |polled| match polled {
                Poll::Ready(Ok(bytes)) => Some(format!("{:?}", String::from_utf8_lossy(bytes))),
                Poll::Ready(Err(error)) => Some(format!("{error:?}")),
                Poll::Pending => None,
            },
        )
    }
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

    /// A socket with nothing to read, what the world has of it, and its number.
    fn socket(&self) -> (Socket<Wire>, Wire, usize) {
        let wire = Wire::new(&self.recorder);
        let socket = self.sockets.add(wire.clone());
        let registered = self.selector.registrations();
        let Some(event) = registered.last() else {
            self.recorder.fail(
                "lost-wakeup",
                "`add` has not registered the socket: no event will ever come for it",
            );
        };
        (socket.expect("a wire can be registered"), wire, event.id)
    }

    /// A read of this socket.
    fn read<'a>(&self, socket: &'a Socket<Wire>) -> Reading<'a> {
        Reading {
            recorder: self.recorder.clone(),
            name: "read",
            future: Box::pin(socket.read()),
        }
    }

    /// Something comes to read: it is noted, and reported.
    fn comes(&self, wire: &Wire, id: usize) {
        self.recorder.note("something to read comes");
        wire.allow(Direction::Read);
        self.report(id);
    }

    fn report(&self, id: usize) {
        let signals = Signals::READABLE;
        self.sockets.deliver(&[Event { id, signals }]);
    }

    /// The rule for what the map and the selector still know.
    ///
    /// Fails with `left-behind` or `wrong-count`.
    fn must_know_of(&self, sockets: usize, before: &str) {
        let (len, registered) = (self.sockets.len(), self.selector.registered());
        if registered > sockets {
            self.recorder.fail(
                "left-behind",
                format!("{before}: sockets that are there: {sockets}, and the selector looks after {registered}"),
            );
        }
        if len > sockets {
            self.recorder.fail(
                "left-behind",
                format!(
                    "{before}: sockets that are there: {sockets}, and `len` says that the map has {len}"
                ),
            );
        }
        if registered < sockets || len < sockets {
            self.recorder.fail(
                "lost-wakeup",
                format!(
                    "{before}: sockets that tasks may wait for: {sockets}; the selector looks after {registered}, and \
                     the map has {len}"
                ),
            );
        }
    }
}

/// Polls a read: there is nothing, so it has to wait, and nobody is woken.
fn waits(rec: &Recorder, read: &mut Reading<'_>, waker: &RecordedWaker) {
    if let Poll::Ready(answer) = read.poll(waker) {
        rec.fail(
            "early-ready",
            format!("the read was Ready({answer:?}) although there is nothing to read"),
        );
    }
    rec.must_be_quiet();
}

/// Polls a read: there is something.
fn finds(rec: &Recorder, read: &mut Reading<'_>, waker: &RecordedWaker) {
    match read.poll(waker) {
        Poll::Ready(Ok(_)) => {}
        Poll::Ready(Err(error)) => rec.fail(
            "wrong-value",
            format!("there is something to read, and the read gives the error \"{error}\""),
        ),
        Poll::Pending => rec.fail(
            "never-ready",
            "there is something to read, and the read is Pending",
        ),
    }
}

/// The rule that nobody has a clone of this waker any more.
fn must_be_gone(rec: &Recorder, waker: &RecordedWaker, before: &str) {
    if waker.clones_alive() > 0 {
        let name = waker.name();
        rec.fail(
            "keeps-task-alive",
            format!("{before}, and its waker {name} is still there, and with it the task"),
        );
    }
}

#[test]
fn a_read_waits_only_if_there_is_nothing() {
    grade!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        let (socket, wire, id) = scene.socket();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        wire.allow(Direction::Read);
        finds(rec, &mut scene.read(&socket), &a);
        let mut read = scene.read(&socket);
        waits(rec, &mut read, &a);
        waits(rec, &mut read, &b);
        scene.comes(&wire, id);
        rec.must_wake("B", "something to read has come");
        finds(rec, &mut read, &b);
    });
}

#[test]
fn a_read_that_is_dropped_takes_its_waker_along() {
    grade!(DEREGISTER, lesson, |rec| {
        let scene = Scene::set(rec);
        let (socket, wire, id) = scene.socket();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut read = scene.read(&socket);
        waits(rec, &mut read, &a);
        rec.note("the read is dropped");
        drop(read);
        must_be_gone(rec, &a, "a read was dropped while it waited");
        rec.must_be_quiet();
        scene.comes(&wire, id);
        rec.must_be_quiet();
        finds(rec, &mut scene.read(&socket), &b);
    });
}

#[test]
fn a_read_that_is_over_takes_its_waker_along() {
    grade!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        let (socket, wire, _) = scene.socket();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut read = scene.read(&socket);
        waits(rec, &mut read, &a);
        rec.note("something to read comes, and the read is polled before the event");
        wire.allow(Direction::Read);
        finds(rec, &mut read, &b);
        drop(read);
        for waker in [&a, &b] {
            must_be_gone(rec, waker, "a read waited, was Ready, and was dropped");
        }
    });
}

#[test]
fn the_next_read_waits_and_is_woken() {
    grade!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        let (socket, wire, id) = scene.socket();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for _ in 0..2 {
            let mut first = scene.read(&socket);
            waits(rec, &mut first, &a);
            rec.note("the read is dropped");
            drop(first);
            scene.must_know_of(1, "a read was dropped, and not the socket");
            let mut second = scene.read(&socket);
            waits(rec, &mut second, &b);
            scene.comes(&wire, id);
            rec.must_wake("B", "something to read has come");
            finds(rec, &mut second, &b);
        }
    });
}

#[test]
fn a_dropped_read_leaves_a_later_one_alone() {
    grade!(DEREGISTER, |rec| {
        // Of another task, and of the same.
        for same_task in [false, true] {
            let scene = Scene::set(rec);
            let (socket, wire, id) = scene.socket();
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let later = if same_task { &a } else { &b };
            // One that has never been polled has nothing to take along either.
            let (mut first, unpolled) = (scene.read(&socket), scene.read(&socket));
            let mut second = scene.read(&socket);
            second.name = "later read";
            waits(rec, &mut first, &a);
            waits(rec, &mut second, later);
            let kept = later.clones_alive() > 0;
            rec.note("the first read is dropped, and one that was never polled");
            drop((first, unpolled));
            scene.comes(&wire, id);
            if rec.wakes_since_note(later.name()) == 0 {
                if kept {
                    rec.fail(
                        "takes-anothers-waker",
                        "two reads waited for one socket, the first was dropped, and took the waker of the second along: \
                         now something to read has come, and the second is not woken",
                    );
                }
                rec.fail_reading(
                    "leaving",
                    "overwritten-wake",
                    "two reads waited for one socket, and the waker of the second, which was polled last, was not kept",
                );
            }
            finds(rec, &mut second, later);
        }
    });
}

#[test]
fn a_dropped_socket_is_known_no_more() {
    grade!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        let (socket, wire, id) = scene.socket();
        let a = rec.waker("A");
        let mut read = scene.read(&socket);
        waits(rec, &mut read, &a);
        scene.comes(&wire, id);
        rec.must_wake("A", "something to read has come");
        finds(rec, &mut read, &a);
        waits(rec, &mut read, &a);
        scene.must_know_of(1, "a socket is in use");
        rec.note("the read and the socket are dropped");
        drop(read);
        drop(socket);
        must_be_gone(rec, &a, "a read was dropped, and its socket too");
        scene.must_know_of(0, "the only socket was dropped");
        rec.note("a late event comes");
        scene.report(id);
        rec.must_be_quiet();
        scene.must_know_of(0, "a late event has come");
    });
}

#[test]
fn sockets_come_and_go() {
    grade_race!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        let (lasting, wire, id) = scene.socket();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut read = scene.read(&lasting);
        waits(rec, &mut read, &a);
        let mut gone = Vec::new();
        for _ in 0..20 {
            let (socket, _, id) = scene.socket();
            waits(rec, &mut scene.read(&socket), &b);
            gone.push(id);
        }
        scene.must_know_of(1, "twenty sockets came and went, and one is still there");
        rec.note("events come for those that are gone");
        for id in gone {
            scene.report(id);
        }
        rec.must_be_quiet();
        scene.comes(&wire, id);
        rec.must_wake("A", "something to read has come");
        finds(rec, &mut read, &a);
    });
}

/// A source that the system does not take.
struct Refused;

impl Source for Refused {
    fn register(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn reregister(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
}

impl fmt::Debug for Socket<Refused> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a socket")
    }
}

#[test]
fn what_cannot_be_registered_leaves_nothing() {
    grade!(DEREGISTER, |rec| {
        let scene = Scene::set(rec);
        rec.note("a socket is added that the system does not take");
        let added = scene.sockets.add(Refused);
        if !matches!(&added, Err(error) if error.kind() == io::ErrorKind::PermissionDenied) {
            rec.fail(
                "wrong-value",
                format!("the system does not take this socket, and `add` gives {added:?}"),
            );
        }
        drop(added);
        scene.must_know_of(0, "a socket could not be registered");
    });
}

#[test]
fn a_copy_of_its_descriptor_brings_no_events() {
    grade_race!(DEREGISTER, |rec| {
        let opened = MioSelector.open().expect("the system has a selector");
        let mut selector = opened.selector;
        let sockets = Sockets::new(opened.registry);
        let (mut peer, ours) = connection();
        let copy = ours.try_clone().expect("a descriptor can be copied");
        ours.set_nonblocking(true)
            .expect("a stream can be made non-blocking");
        let socket = sockets
            .add(mio::net::TcpStream::from_std(ours))
            .expect("a stream can be registered");
        rec.note("a read waits, and is dropped, and the socket is dropped; a copy of its descriptor stays");
        let mut read = Box::pin(socket.read());
        let waker = rec.waker("A");
        let mut cx = Context::from_waker(waker.as_waker());
        let _ = read.as_mut().poll(&mut cx);
        drop(read);
        drop(socket);
        rec.note("the peer says a word");
        peer.write_all(b"howdy").expect("a word fits");
        // The copy has the same setting: it does not block. It shows when the word is there.
        copy.set_nonblocking(false)
            .expect("a stream can be made blocking");
        copy.peek(&mut [0]).expect("the peer is there");
        let mut events = Vec::new();
        let looked = selector.select(&mut events, Some(Duration::ZERO));
        looked.expect("nobody interrupts");
        if !events.is_empty() {
            rec.fail(
                "left-behind",
                "the socket was dropped, which has closed its descriptor; but there is a copy of that, and so the system \
                 still reports events for the socket: nobody has told it not to",
            );
        }
    });
}

/// The peer's end of a connection, and ours.
fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback address is free");
    let address = listener.local_addr().expect("it is bound");
    let peer = TcpStream::connect(address).expect("the listener listens");
    let (ours, _) = listener.accept().expect("the peer has connected");
    (peer, ours)
}

/// A waker that uses the sockets when it is dropped, as a task may that goes with it.
fn uses_the_sockets_when_dropped(scene: &Scene, race: &Race) -> RecordedWaker {
    let sockets = scene.sockets.clone();
    let look = race.once(move || {
        let _ = sockets.len();
    });
    scene.recorder.hostile_waker("A").on_drop(look).build()
}

#[test]
fn wakers_are_dropped_where_no_lock_is_held() {
    grade_race!(DEREGISTER, |rec| {
        for (what, by_a_later_poll) in [
            ("a read is dropped while it waits", false),
            ("a later poll brings another waker", true),
        ] {
            let scene = Scene::set(rec);
            let (socket, _, _) = scene.socket();
            let race = Race::certain();
            let a = uses_the_sockets_when_dropped(&scene, &race);
            let mut read = scene.read(&socket);
            waits(rec, &mut read, &a);
            rec.note(what);
            if by_a_later_poll {
                waits(rec, &mut read, &rec.waker("B"));
            }
            drop(read);
            drop(socket);
            if race.was_blocked() {
                rec.fail(
                    "drops-under-lock",
                    format!("{what}: its waker is dropped while the map is locked, and what goes along with it cannot use the sockets"),
                );
            }
            race.finish();
        }
    });
}

/// The event comes in the middle of a poll: where a read, after `skip` others, has found nothing; or without a
/// number, where the waker is cloned. Tells whether the poll came by there.
fn the_event_comes_in_a_poll(rec: &Recorder, skip: Option<usize>) -> bool {
    let scene = Scene::set(rec);
    let (socket, wire, id) = scene.socket();
    let (theirs, sockets, noted) = (wire.clone(), scene.sockets.clone(), rec.clone());
    let race = Race::new();
    let event = race.once(move || {
        noted.note("something to read comes, in the middle of the poll");
        theirs.allow(Direction::Read);
        let signals = Signals::READABLE;
        sockets.deliver(&[Event { id, signals }]);
    });
    let mut waker = rec.hostile_waker("A");
    match skip {
        Some(skip) => wire.when_it_would_block(skip, event),
        None => waker = waker.on_clone(event),
    }
    let waker = waker.build();
    let mut read = scene.read(&socket);
    let wakes = rec.wakes("A");
    let polled = read.poll(&waker);
    race.finish();
    wire.call_off();
    if !race.was_forced() {
        return false;
    }
    if polled.is_pending() {
        if rec.wakes("A") == wakes {
            rec.fail(
                "check-then-register",
                "the read found nothing; then something came, before the poll was over; the poll answered Pending, and \
                 nobody woke the task",
            );
        }
        finds(rec, &mut read, &waker);
    }
    true
}

#[test]
fn misses_no_event_that_comes_in_the_middle_of_a_poll() {
    grade_race!(DEREGISTER, |rec| {
        the_event_comes_in_a_poll(rec, None);
        for skip in 0.. {
            if !the_event_comes_in_a_poll(rec, Some(skip)) {
                break;
            }
        }
    });
}
