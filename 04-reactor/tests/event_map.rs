//! The grader of `event_map`: each event reaches who waits for it, and none is forgotten.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod map_scene;
}

use std::{
    cell::RefCell,
    collections::HashSet,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::Waker,
};

use course::{Exercise, Recorder, grade, grade_race, memory};
use futures::{AsyncReadExt, AsyncWriteExt};
use reactor::{
    Direction::{Read, Write},
    Event, EventMap, Runtime, Signals, TcpListener, TcpStream,
};
use support::map_scene::{Scene, Source, verb};

const EVENT_MAP: Exercise =
    course::exercise!("event_map", stage = "04-reactor", feature = "my-event-map");

const READABLE: Signals = Signals::READABLE;
const WRITABLE: Signals = Signals::WRITABLE;

/// Completes "… although".
const CAME: &str = "its event has come";
const NEW: &str = "it is new, and nobody has tried";

#[test]
fn a_new_source_is_to_be_tried() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        scene.must_count(0, "the map is new");
        let (one, two) = (scene.source("socket"), scene.source("listener"));
        must_differ(rec, one.id, two.id);
        scene.must_count(2, "two sources were inserted");
        for source in [one, two] {
            for direction in [Read, Write] {
                scene.must_be_ready(source, direction, NEW);
            }
        }
    });
}

fn must_differ(rec: &Recorder, one: usize, two: usize) {
    if one == two {
        rec.fail(
            "reused-id",
            format!("two sources that are there at the same time have the same id, {one}"),
        );
    }
}

#[test]
fn an_event_wakes_who_waits_for_it() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let a = rec.waker("A");
        for (direction, signals) in [(Read, READABLE), (Write, WRITABLE)] {
            let socket = scene.blocked_source("socket");
            scene.waits(socket, direction, &a);
            rec.must_be_quiet();
            scene.happens(socket, signals);
            rec.must_wake("A", CAME);
            scene.must_be_ready(socket, direction, CAME);
        }
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(EVENT_MAP, lesson, |rec| {
        let scene = Scene::new(rec);
        let socket = scene.blocked_source("socket");
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        scene.waits(socket, Read, &a);
        scene.waits(socket, Read, &b);
        scene.happens(socket, READABLE);
        rec.must_wake("B", CAME);
        if scene.poll(socket, Read, &b).is_pending() {
            rec.fail(
                "lost-edge",
                format!("the task answered Pending, although {CAME}"),
            );
        }
    });
}

#[test]
fn remembers_an_event_that_finds_nobody() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        for (direction, signals) in [(Read, READABLE), (Write, WRITABLE)] {
            let socket = scene.blocked_source("socket");
            scene.happens(socket, signals);
            let why = "an event has come while nobody waited";
            let tick = scene.must_be_ready(socket, direction, why);
            // A look uses nothing up: the reads that follow find more.
            scene.must_be_ready(
                socket,
                direction,
                "nothing has said `WouldBlock` since its event",
            );
            scene.would_block(socket, direction, tick);
            scene.waits(socket, direction, &rec.waker("A"));
        }
    });
}

#[test]
fn keeps_reader_and_writer_apart() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let socket = scene.blocked_source("socket");
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        scene.waits(socket, Read, &a);
        scene.waits(socket, Write, &b);
        scene.happens(socket, READABLE);
        must_hear(rec, "A", socket, "read");
        advise_one_direction(rec, "B", &scene, socket);
        scene.happens(socket, WRITABLE);
        // Whoever woke it before need not do so again: its task has not asked since.
        if rec.wakes("B") == 0 {
            must_hear(rec, "B", socket, "write");
        }
    });
}

/// The rule that one task's waker does not push out another's.
fn must_hear(rec: &Recorder, waker: &str, source: Source, verb: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail(
            "overwritten-wake",
            format!(
                "the {} is ready for the {verb} that waits with waker {waker}, and {waker} was not woken",
                source.name
            ),
        );
    }
}

/// A remark on a design that takes an event of one direction for both.
fn advise_one_direction(rec: &Recorder, writer: &str, scene: &Scene<'_>, socket: Source) {
    let woken = rec.wakes_since_note(writer) > 0;
    if woken || scene.is_ready(socket, Write) {
        rec.advise(
            "wakes-too-many",
            "an event that says READABLE was taken for one that says WRITABLE too: a write will be tried \
             for nothing",
        );
    }
}

#[test]
fn clears_one_direction_only() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        for (direction, other) in [(Read, Write), (Write, Read)] {
            let socket = scene.source("socket");
            let tick = scene.must_be_ready(socket, direction, NEW);
            scene.would_block(socket, direction, tick);
            if !scene.is_ready(socket, other) {
                let (this, that) = (verb(direction), verb(other));
                rec.fail(
                    "clears-too-much",
                    format!("a {this} has said `WouldBlock`, and no {that} is tried any more"),
                );
            }
        }
    });
}

#[test]
fn keeps_two_sources_apart() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let (one, two) = (scene.blocked_source("one"), scene.blocked_source("two"));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        scene.waits(one, Read, &a);
        scene.waits(two, Read, &b);
        scene.happens(one, READABLE);
        must_hear(rec, "A", one, "read");
        if rec.wakes("B") > 0 || scene.is_ready(two, Read) {
            rec.fail(
                "early-ready",
                "the event of `one` was taken for an event of `two`",
            );
        }
        scene.happens(two, READABLE);
        must_hear(rec, "B", two, "read");
    });
}

#[test]
fn both_directions_hear_of_an_event_of_both() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let socket = scene.blocked_source("socket");
        scene.waits(socket, Read, &rec.waker("A"));
        scene.waits(socket, Write, &rec.waker("B"));
        // That is what an error looks like, too.
        scene.happens(socket, READABLE | WRITABLE);
        must_hear(rec, "A", socket, "read");
        must_hear(rec, "B", socket, "write");
    });
}

#[test]
fn an_event_before_the_clearing_is_not_forgotten() {
    grade!(EVENT_MAP, |rec| {
        for (direction, signals) in [(Read, READABLE), (Write, WRITABLE)] {
            let scene = Scene::new(rec);
            let socket = scene.source("socket");
            // One clearing of what the source was made with, and one of what an event has set.
            for why in [NEW, CAME] {
                let tick = scene.must_be_ready(socket, direction, why);
                rec.note(format!("a {} of the socket begins", verb(direction)));
                scene.happens(socket, signals);
                scene.would_block(socket, direction, tick);
                must_still_be_ready(rec, &scene, socket, 1);
            }
        }
    });
}

fn must_still_be_ready(rec: &Recorder, scene: &Scene<'_>, socket: Source, events: usize) {
    if ![Read, Write]
        .iter()
        .all(|side| scene.is_ready(socket, *side))
    {
        let seen = match events {
            1 => "an event came after the tick of the operation that said `WouldBlock`, and before its clearing".into(),
            many => format!(
                "{many} events came after the tick of the operation that said `WouldBlock`, and before its clearing"
            ),
        };
        rec.fail("lost-edge", format!("{seen}: that event is gone"));
    }
}

#[test]
fn nor_are_many_events_before_the_clearing() {
    grade_race!(EVENT_MAP, |rec| {
        // One more than a small counter can tell from none.
        for events in [1 << 8, 1 << 16] {
            let scene = Scene::new(rec);
            let socket = scene.source("socket");
            let tick = scene.must_be_ready(socket, Read, NEW);
            rec.note(format!("a read begins, and {events} events come"));
            let event = Event {
                id: socket.id,
                signals: READABLE,
            };
            let mut wakers = Vec::new();
            for _ in 0..events {
                scene.with(|map| map.deliver(&event, &mut wakers));
            }
            scene.would_block(socket, Read, tick);
            must_still_be_ready(rec, &scene, socket, events);
        }
    });
}

#[test]
fn what_is_closed_wakes_and_stays_ready() {
    grade!(EVENT_MAP, |rec| {
        let closed = [
            (Read, Write, Signals::READ_CLOSED),
            (Write, Read, Signals::WRITE_CLOSED),
        ];
        for (direction, other, signals) in closed {
            let scene = Scene::new(rec);
            let (socket, a) = (scene.blocked_source("socket"), rec.waker("A"));
            scene.waits(socket, direction, &a);
            scene.happens(socket, signals);
            if rec.wakes_since_note("A") == 0 || !scene.is_ready(socket, direction) {
                let seen = format!(
                    "an event said {signals:?}, and who waited to {} was not told",
                    verb(direction)
                );
                rec.fail("lost-end", seen);
            }
            for _ in 0..2 {
                let tick = scene.with(|map| map.poll_ready(socket.id, direction));
                let Some(tick) = tick else { break };
                scene.would_block(socket, direction, tick);
            }
            if !scene.is_ready(socket, direction) {
                let seen = format!(
                    "an event said {signals:?}, and after a `WouldBlock` the map does not know it any more"
                );
                rec.fail("lost-end", seen);
            }
            // What is closed is the one direction.
            if scene.is_ready(socket, other)
                && let Some(tick) = scene.with(|map| map.poll_ready(socket.id, other))
            {
                scene.would_block(socket, other, tick);
                scene.waits(socket, other, &a);
            }
        }
    });
}

#[test]
fn strangers_are_nobody() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let socket = scene.blocked_source("socket");
        scene.waits(socket, Read, &rec.waker("A"));
        let known = socket.id;
        for id in [
            known.wrapping_add(1),
            known ^ (1 << 20),
            1 << (usize::BITS - 2),
            usize::MAX,
        ] {
            let stranger = Source {
                name: "stranger",
                id,
            };
            scene.happens(stranger, READABLE | Signals::READ_CLOSED);
            if rec.wakes("A") > 0 {
                rec.fail(
                    "reused-id",
                    "an event of an id that was never given out woke the socket's task",
                );
            }
            if scene.is_ready(stranger, Read) {
                rec.fail(
                    "early-ready",
                    "a source that the map does not know is ready",
                );
            }
            if scene.remove(stranger) > 0 {
                rec.fail(
                    "reused-id",
                    "`remove` of an id that was never given out took the socket's waker",
                );
            }
        }
        scene.must_count(1, "one source was inserted, and none removed");
    });
}

#[test]
fn gives_back_the_wakers_of_a_removed_source() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let (socket, other) = (
            scene.blocked_source("socket"),
            scene.blocked_source("other"),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        scene.waits(socket, Read, &a);
        scene.waits(socket, Write, &b);
        let wakers = scene.remove(socket);
        if a.clones_alive() + b.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "the source was removed, and the map still has wakers of those who waited for it",
            );
        }
        scene.must_count(1, "one of two sources was removed");
        if scene.remove(socket) > 0 {
            rec.fail(
                "wrong-value",
                "`remove` gave the wakers of a source a second time",
            );
        }
        scene.must_count(1, "one of two sources was removed, twice");
        if wakers < 2 {
            rec.fail(
                "drops-under-lock",
                format!("two tasks waited for the source; `remove` gave {wakers} of the two wakers back, and dropped the rest"),
            );
        }
        // The waker of whoever asks for it now comes back, and is not kept.
        let _ = scene.poll(socket, Read, &a);
        if a.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "the map has kept a waker for a source that it does not know",
            );
        }
        scene.remove(other);
        scene.must_count(0, "both sources were removed");
    });
}

#[test]
fn a_late_event_of_a_removed_source_is_nobodys() {
    grade!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let old = scene.blocked_source("old socket");
        rec.note("a batch of two events begins");
        scene.happens(old, READABLE);
        scene.remove(old);
        let new = scene.blocked_source("new socket");
        scene.waits(new, Read, &rec.waker("A"));
        scene.happens(old, READABLE | Signals::READ_CLOSED);
        if rec.wakes("A") > 0 || scene.is_ready(new, Read) {
            rec.fail(
                "reused-id",
                "a late event of the old socket was taken for one of the new socket",
            );
        }
        if scene.is_ready(old, Read) {
            rec.fail(
                "left-behind",
                "the old socket was removed, and the map says that it is ready",
            );
        }
        scene.happens(new, READABLE);
        must_hear(rec, "A", new, "read");
    });
}

#[test]
fn gives_no_id_twice() {
    grade_race!(EVENT_MAP, |rec| {
        let mut map = EventMap::new();
        let mut given = HashSet::new();
        // More of them than a small counter of generations can tell apart.
        for round in 0..70_000 {
            let id = map.insert();
            if !given.insert(id) {
                rec.fail(
                    "reused-id",
                    format!(
                        "after {round} sources that came and went, the id {id} was given out again"
                    ),
                );
            }
            map.remove(id);
        }
    });
}

#[test]
fn sources_that_are_gone_leave_nothing_behind() {
    grade_race!(EVENT_MAP, |rec| {
        const SOURCES: usize = 200_000;
        // Far less than a place for each source, and more than what other threads take meanwhile.
        const MOST: usize = 8 << 20;
        let mut map = EventMap::new();
        let come_and_go = |map: &mut EventMap, sources: usize| {
            for _ in 0..sources {
                let ids = [map.insert(), map.insert()];
                for id in ids {
                    drop(map.set_waker(id, Read, Waker::noop().clone()));
                    drop(map.remove(id));
                }
            }
        };
        come_and_go(&mut map, 100);
        let before = memory::in_use();
        come_and_go(&mut map, SOURCES / 2);
        let grown = memory::in_use().saturating_sub(before);
        if grown > MOST {
            rec.fail(
                "left-behind",
                format!("{SOURCES} sources came and went, two at a time, and the map has grown by {} KiB", grown >> 10),
            );
        }
        // Used to the end: what was written above could be left out.
        drop(map);
    });
}

#[test]
fn runs_no_code_of_a_waker() {
    grade_race!(EVENT_MAP, |rec| {
        let scene = Scene::new(rec);
        let socket = scene.blocked_source("socket");
        let map = Watched {
            rec,
            scene: &scene,
            inside: Arc::default(),
            seen: Arc::default(),
        };
        let [in_wake, in_drop, in_clone] = [0, 1, 2].map(|what| map.hook(what));
        let waker = rec
            .hostile_waker("A")
            .on_wake(in_wake)
            .on_drop(in_drop)
            .on_clone(in_clone)
            .build();
        let kept = Rc::new(RefCell::new(Vec::new()));
        for direction in [Read, Write] {
            for _ in 0..2 {
                let clone = waker.as_waker().clone();
                let previous = map.call(|map| map.set_waker(socket.id, direction, clone));
                kept.borrow_mut().extend(previous);
            }
        }
        let mut wakers = Vec::new();
        let event = Event {
            id: socket.id,
            signals: READABLE,
        };
        for _ in 0..2 {
            map.call(|map| map.deliver(&event, &mut wakers));
        }
        if wakers.len() > 1 {
            rec.advise(
                "wakes-too-many",
                "a second event woke a task that had not asked again since the first",
            );
        }
        let removed = map.call(|map| map.remove(socket.id));
        let clone = waker.as_waker().clone();
        let back = map.call(|map| map.set_waker(socket.id, Read, clone));
        if back.is_none() {
            rec.fail(
                "keeps-task-alive",
                "the map has kept a waker for a source that it does not know",
            );
        }
        drop((wakers, removed, back));
        kept.borrow_mut().clear();
        let alive = waker.clones_alive();
        if alive > 0 {
            let seen = format!("the source is removed, and the map still holds wakers: {alive}");
            rec.fail("keeps-task-alive", seen);
        }
    });
}

/// A map that shows what happens to a waker while somebody is inside one of its methods.
struct Watched<'a> {
    rec: &'a Recorder,
    scene: &'a Scene<'a>,
    inside: Arc<AtomicBool>,
    /// Whether a waker was woken, dropped, cloned there.
    seen: Arc<[AtomicBool; 3]>,
}

impl Watched<'_> {
    /// A hook that only takes note: a panic inside a waker would end the process.
    fn hook(&self, what: usize) -> impl Fn() + Send + Sync + use<> + 'static {
        let (inside, seen) = (Arc::clone(&self.inside), Arc::clone(&self.seen));
        move || {
            seen[what].fetch_or(inside.load(SeqCst), SeqCst);
        }
    }

    /// Fails with `wakes-under-lock` and `drops-under-lock`, and advises `clones-under-lock`.
    fn call<R>(&self, access: impl FnOnce(&mut EventMap) -> R) -> R {
        self.inside.store(true, SeqCst);
        let output = self.scene.with(access);
        self.inside.store(false, SeqCst);
        let [woken, dropped, cloned] = [0, 1, 2].map(|what| self.seen[what].swap(false, SeqCst));
        let bad = [
            (woken, "wakes-under-lock", "woke a task"),
            (dropped, "drops-under-lock", "dropped a waker"),
        ];
        if let Some((_, code, what)) = bad.into_iter().find(|(seen, ..)| *seen) {
            let seen = format!(
                "a method of the map {what}, and whoever calls it holds the lock that the map lies behind"
            );
            self.rec.fail_reading("who-waits-for-what", code, seen);
        }
        if cloned {
            let seen = "a method of the map cloned a waker";
            self.rec.advise("clones-under-lock", seen);
        }
        output
    }
}

/// The map is part of a reactor: this one reads from it, through sockets that a selector looks after.
#[test]
fn carries_a_reactor() {
    grade_race!(EVENT_MAP, |rec| {
        let mut runtime = Runtime::new().expect("the system has a selector");
        let said = runtime.block_on(async {
            let address = "127.0.0.1:0".parse().expect("an address");
            let listener = TcpListener::bind(address)?;
            let mut client = TcpStream::connect(listener.local_addr()?).await?;
            let (mut server, _) = listener.accept().await?;
            let echo = executor::spawn(async move {
                let mut word = [0; 5];
                server.read_exact(&mut word).await?;
                server.write_all(&word).await
            });
            client.write_all(b"hello").await?;
            let mut said = String::new();
            client.read_to_string(&mut said).await?;
            echo.await
                .map_err(|error| std::io::Error::other(error.to_string()))??;
            Ok::<_, std::io::Error>(said)
        });
        match said {
            Ok(said) if said == "hello" => {}
            other => rec.fail(
                "wrong-value",
                format!("an echo answered {other:?} instead of \"hello\""),
            ),
        }
    });
}
