//! Who waits for what: for each source and direction, whether it is ready, and whom to wake.
//!
//! Events are edges. The selector says once that a socket has become readable, perhaps before
//! anybody asks, and does not repeat itself. So the map *remembers*: a direction stays ready until
//! an operation on it has said `WouldBlock`.
//!
//! Between that `WouldBlock` and the moment in which it is recorded, the next event may come. To
//! forget that one would be to wait for ever. So each event counts up a [`Tick`]; who found the
//! direction ready got the tick of that time, and clears with it; and if an event came since, the
//! ticks differ, and nothing is cleared.
//!
//! An id is never given out twice. The lower half of its bits is a place in a list, and the upper
//! half says how many sources have had that place before. So the last events of a dropped source,
//! which may be on their way when its place is taken again, reach nobody.

use std::task::Waker;

use crate::{Direction, Event};

/// For each source, what is known about it and who waits for it. It is a plain data structure:
/// whoever shares it puts a lock around it. No method calls a waker, or drops or clones one.
///
/// ```
/// use std::task::Waker;
/// use reactor::{Direction, Event, EventMap, Signals};
///
/// let mut map = EventMap::new();
/// let id = map.insert();
/// let tick = map.poll_ready(id, Direction::Read).expect("a new source counts as ready");
/// map.clear_ready(id, Direction::Read, tick);
/// assert!(map.poll_ready(id, Direction::Read).is_none());
///
/// map.set_waker(id, Direction::Read, Waker::noop().clone());
/// let mut wakers = Vec::new();
/// map.deliver(&Event { id, signals: Signals::READABLE }, &mut wakers);
/// assert_eq!(wakers.len(), 1);
/// assert!(map.poll_ready(id, Direction::Read).is_some());
/// ```
#[derive(Debug, Default)]
pub struct EventMap {
    /// A place for each source, found by the lower half of its id.
    places: Vec<Place>,
    /// The places that are free, to be used again.
    free: Vec<usize>,
    /// How many places are taken.
    len: usize,
}

/// Which event a direction was found ready by. See [`EventMap::clear_ready`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick(u32);

#[derive(Debug)]
struct Place {
    /// The id of the source that has this place or, if it is free, of the next that will.
    id: usize,
    /// The two directions of the source, if there is one.
    source: Option<[Side; 2]>,
}

#[derive(Debug)]
struct Side {
    /// Whether an operation may succeed. A new source is to be tried, not waited for.
    ready: bool,
    /// Whether it is over: then every operation succeeds or fails at once, for ever.
    closed: bool,
    /// How many events came, coming round at four thousand million. Whoever clears would have to miss
    /// exactly that many during one operation. Half as wide as could be, it leaves both sides of a
    /// place in one cache line.
    tick: u32,
    /// The task that waits: the latest that asked.
    waker: Option<Waker>,
}

/// How many bits of an id say which place.
const PLACE_BITS: u32 = usize::BITS / 2;

/// The largest number of the place, and of those who had it before.
const MASK: usize = usize::MAX >> (usize::BITS - PLACE_BITS);

impl EventMap {
    /// A map without sources.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a place for a source, and gives its id: one that no other source of this map has ever
    /// had, nor will have. It counts as ready in both directions.
    ///
    /// # Panics
    ///
    /// Panics at more sources than half of a `usize`'s bits can count.
    pub fn insert(&mut self) -> usize {
        let place = self.free.pop().unwrap_or_else(|| {
            let id = self.places.len();
            assert!(id < MASK, "too many sources in one reactor");
            self.places.push(Place { id, source: None });
            id
        });
        let place = &mut self.places[place];
        place.source = Some([Side::new(), Side::new()]);
        self.len += 1;
        place.id
    }

    /// Forgets a source, and gives the wakers of those who waited for it: drop them outside the
    /// lock.
    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        let Some(place) = self.place(id) else {
            return [None, None];
        };
        let sides = place.source.take().expect("`place` finds sources only");
        // The last id of a place is the one before the overflow; after that, nobody gets it.
        let next = place
            .id
            .checked_add(MASK + 1)
            .filter(|next| *next != usize::MAX);
        if let Some(next) = next {
            place.id = next;
            self.free.push(id & MASK);
        }
        self.len -= 1;
        sides.map(|side| side.waker)
    }

    /// Whether an operation in this direction may succeed, and since which event. `None` if not, or
    /// if there is no such source.
    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        let side = self.side(id, direction)?;
        side.ready.then_some(Tick(side.tick))
    }

    /// Leaves the waker of the task that waits for this direction, in the place of an earlier one,
    /// which is given back. If there is no such source, `waker` is. Drop it outside the lock.
    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        match self.side(id, direction) {
            Some(side) => side.waker.replace(waker),
            None => Some(waker),
        }
    }

    /// Records that an operation that was begun at `tick` has said `WouldBlock`: the direction is
    /// ready no more, unless an event came since, or it is closed.
    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        if let Some(side) = self.side(id, direction)
            && side.tick == tick.0
        {
            side.ready = side.closed;
        }
    }

    /// Records an event, and takes out the wakers of those who wait for it: wake them outside the
    /// lock. An event of a source that is not there (any more) is nobody's.
    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        let Some(place) = self.place(event.id) else {
            return;
        };
        for direction in [Direction::Read, Direction::Write] {
            if !event.signals.intersects(direction.signals()) {
                continue;
            }
            let sides = place.source.as_mut().expect("`place` finds sources only");
            let side = &mut sides[direction as usize];
            side.ready = true;
            side.closed |= event.signals.contains(direction.closed());
            side.tick = side.tick.wrapping_add(1);
            wakers.extend(side.waker.take());
        }
    }

    /// How many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The place of this very source.
    fn place(&mut self, id: usize) -> Option<&mut Place> {
        let place = self.places.get_mut(id & MASK)?;
        (place.id == id && place.source.is_some()).then_some(place)
    }

    fn side(&mut self, id: usize, direction: Direction) -> Option<&mut Side> {
        let sides = self.place(id)?.source.as_mut()?;
        Some(&mut sides[direction as usize])
    }
}

impl Side {
    fn new() -> Self {
        Self {
            ready: true,
            closed: false,
            tick: 0,
            waker: None,
        }
    }
}
