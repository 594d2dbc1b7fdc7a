//! # event_map: who waits for what
//!
//! The selector says: source 7 is readable. Somewhere a task waits for that, and has left its waker; and
//! if nobody waits yet, somebody will come and ask. The event map keeps both together. It has a place for
//! each source and *direction*: whether it is ready, and whom to wake. Write it.
//!
//! What is checked:
//!
//! 1. A new source has an id of its own and counts as ready in both directions: try first.
//! 2. An event makes its direction ready, and hands out the waker of the *latest* task that waits
//!    for that direction. An event is about a direction if it has *one* of the signals in
//!    [`Direction::signals`](crate::Direction::signals): ask `event.signals.intersects(…)`.
//! 3. An event that comes while nobody waits is remembered. A direction stays ready, however often it is
//!    asked for, until `clear_ready` says that an operation has found nothing.
//! 4. Reader and writer do not disturb each other: neither do their wakers, nor does the `WouldBlock` of the one
//!    clear the other. Nor do two sources.
//! 5. `clear_ready` clears only what the caller has seen: if an event came after its tick, the direction stays
//!    ready, after one event and after any number of them.
//! 6. A direction that is closed ([`Direction::closed`](crate::Direction::closed)) is ready for good.
//! 7. Events, and whatever else is asked, of an id that is not there (any more) do nothing.
//! 8. `remove` gives back both wakers, and the map is as if the source had never been there.
//! 9. No id is ever given out twice: the last events of a source may come when it is gone already. And yet
//!    sources that come and go do not make the map grow.
//! 10. No method wakes or drops a waker: the map lies behind a lock, and a waker is somebody else's code. What
//!     is left over is given back.
//!
//! Settled: how the map is built is free, and so is what an id looks like (but for `usize::MAX`, which the
//! selector keeps for itself). To wake the other direction too, to clone wakers, or to hand out a waker a second time
//! passes with a remark.
//!
//! Read first: README.md, "Who waits for what". About 35 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise event_map`. Stuck: `cargo xtask hint event_map`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::task::Waker;

use crate::{Direction, Event};

/// For each source, what is known about it and who waits for it. It is a plain data structure:
/// whoever shares it puts a lock around it.
#[derive(Debug, Default)]
pub struct EventMap {
    // What do you have to know about each source, and about each of its directions?
}

/// Which event a direction was found ready by. See [`EventMap::clear_ready`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick(u64);

impl EventMap {
    /// A map without sources.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a place for a source, and gives its id: one that no other source of this map has ever
    /// had, nor will have. It counts as ready in both directions.
    pub fn insert(&mut self) -> usize {
        todo!("a new id, and a place for what is known about it")
    }

    /// Forgets a source, and gives the wakers of those who waited for it, for reading and for writing.
    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        todo!("take it out, with both wakers")
    }

    /// Whether an operation in this direction may succeed, and since which event. `None` if not, or
    /// if there is no such source.
    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        todo!("the mark, and the number of the latest event")
    }

    /// Leaves the waker of the task that waits for this direction, in the place of an earlier one,
    /// which is given back. If there is no such source, `waker` is.
    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        todo!("exchange the wakers")
    }

    /// Records that an operation that was begun at `tick` has said `WouldBlock`: the direction is
    /// ready no more, unless an event came since, or it is closed.
    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        todo!("clear the mark, if it is about an event that the caller has seen")
    }

    /// Records an event, and adds the wakers of those who wait for it to `wakers`: the caller wakes them when
    /// the map is free again.
    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        todo!("for each direction that the event is about: set the mark, and take the waker out")
    }

    /// How many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        todo!("count")
    }

    /// Whether there is no source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        todo!("count")
    }
}
