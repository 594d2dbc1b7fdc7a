//! An event map in the grader's hands, in the place of a reactor: sources with names, events, and
//! tasks that wait.

#![allow(dead_code, unreachable_pub)]

use std::{cell::RefCell, fmt, task::Poll};

use course::{RecordedWaker, Recorder};
use reactor::{
    Direction::{self, Read, Write},
    Event, EventMap, Signals, Tick,
};

/// A map, and the run that what happens to it is written into.
pub struct Scene<'a> {
    rec: &'a Recorder,
    map: RefCell<EventMap>,
}

/// A source that the map knows, or knew.
#[derive(Clone, Copy)]
pub struct Source {
    /// As the run calls it.
    pub name: &'static str,
    pub id: usize,
}

/// What a task finds that asks whether it may try. It shows without the tick: that is the map's own.
pub struct Try(pub Tick);

impl fmt::Debug for Try {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("try")
    }
}

impl<'a> Scene<'a> {
    pub fn new(rec: &'a Recorder) -> Self {
        Scene {
            rec,
            map: RefCell::new(EventMap::new()),
        }
    }

    /// The map itself, for what leaves no line in the run.
    pub fn with<R>(&self, access: impl FnOnce(&mut EventMap) -> R) -> R {
        access(&mut self.map.borrow_mut())
    }

    /// A new source. Both directions are still to be tried.
    pub fn source(&self, name: &'static str) -> Source {
        let id = self.with(EventMap::insert);
        self.rec.called(format!("insert() → the {name}"));
        Source { name, id }
    }

    /// A source on which both directions have been tried, and have said `WouldBlock`.
    pub fn blocked_source(&self, name: &'static str) -> Source {
        let source = self.source(name);
        // Both first: who clears too much is told so where that is the question.
        let ticks = [Read, Write].map(|direction| {
            let why = "it is new, and nobody has tried";
            (direction, self.must_be_ready(source, direction, why))
        });
        for (direction, tick) in ticks {
            self.with(|map| map.clear_ready(source.id, direction, tick));
        }
        source
    }

    /// What a task does that wants to use the source: it asks, and if the answer is no, it leaves its
    /// waker.
    pub fn poll(&self, source: Source, direction: Direction, waker: &RecordedWaker) -> Poll<Try> {
        let name = format!("{}.{}", source.name, verb(direction));
        let poll = || {
            let ready = self.with(|map| map.poll_ready(source.id, direction));
            if let Some(tick) = ready {
                return Poll::Ready(Try(tick));
            }
            let waker = waker.as_waker().clone();
            let previous = self.with(|map| map.set_waker(source.id, direction, waker));
            drop(previous);
            Poll::Pending
        };
        let describe = |poll: &Poll<Try>| match poll {
            Poll::Ready(tick) => Some(format!("{tick:?}")),
            Poll::Pending => None,
        };
        self.rec.poll_named(&name, waker.name(), poll, describe)
    }

    /// The rule that a task has to wait. Fails with `early-ready`.
    pub fn waits(&self, source: Source, direction: Direction, waker: &RecordedWaker) {
        if self.poll(source, direction, waker).is_ready() {
            self.rec.fail(
                "early-ready",
                format!(
                    "the {} has said `WouldBlock` to a {}, no event has come since, and the map says \
                     that another one is worth trying",
                    source.name,
                    verb(direction)
                ),
            );
        }
    }

    /// The tick of a direction that has to be ready.
    ///
    /// Fails with `waits-untried` if nothing has happened to the source yet, else with `lost-edge`.
    pub fn must_be_ready(&self, source: Source, direction: Direction, why: &str) -> Tick {
        let ready = self.with(|map| map.poll_ready(source.id, direction));
        self.rec.called(format!(
            "the {}'s poll_ready({direction:?}) → {}",
            source.name,
            ready.map_or("None", |_| "a tick")
        ));
        ready.unwrap_or_else(|| {
            let code = match why.contains("new") {
                true => "waits-untried",
                false => "lost-edge",
            };
            let seen = format!("`poll_ready({direction:?})` said no, although {why}");
            self.rec.fail(code, seen)
        })
    }

    /// Whether a direction is ready, with a line in the run.
    pub fn is_ready(&self, source: Source, direction: Direction) -> bool {
        let ready = self.with(|map| map.poll_ready(source.id, direction));
        let answer = ready.map_or("None", |_| "a tick");
        let call = format!("the {}'s poll_ready({direction:?})", source.name);
        self.rec.called(format!("{call} → {answer}"));
        ready.is_some()
    }

    /// An operation that was tried because of `tick` has found nothing.
    pub fn would_block(&self, source: Source, direction: Direction, tick: Tick) {
        self.rec.note(format!(
            "a {} of the {} says WouldBlock",
            verb(direction),
            source.name
        ));
        self.with(|map| map.clear_ready(source.id, direction, tick));
    }

    /// An event comes, and whoever the map names is woken after that. Gives how many they were.
    pub fn happens(&self, source: Source, signals: Signals) -> usize {
        self.rec.note(format!("the {} is {signals:?}", source.name));
        let event = Event {
            id: source.id,
            signals,
        };
        let mut wakers = Vec::new();
        self.with(|map| map.deliver(&event, &mut wakers));
        let named = wakers.len();
        for waker in wakers {
            waker.wake();
        }
        named
    }

    /// The source is gone: gives how many wakers the map has given back.
    pub fn remove(&self, source: Source) -> usize {
        self.rec.note(format!("the {} is removed", source.name));
        let wakers = self.with(|map| map.remove(source.id));
        wakers.into_iter().flatten().count()
    }

    /// The rule on how many sources there are. Fails with `wrong-value`.
    pub fn must_count(&self, sources: usize, why: &str) {
        let (len, is_empty) = self.with(|map| (map.len(), map.is_empty()));
        if (len, is_empty) != (sources, sources == 0) {
            self.rec.fail_reading(
                "who-waits-for-what",
                "wrong-value",
                format!("{why}, and `len` says {len}, `is_empty` {is_empty}"),
            );
        }
    }
}

/// What a task does in this direction.
pub fn verb(direction: Direction) -> &'static str {
    match direction {
        Read => "read",
        Write => "write",
    }
}
