// expect: pass
//! A list of places that are used again. The upper half of an id counts who had the place before.

use std::task::Waker;

use crate::{Direction, Event};

const HALF: u32 = usize::BITS / 2;
const LOW: usize = (1 << HALF) - 1;

#[derive(Debug, Default)]
pub struct EventMap {
    places: Vec<Place>,
    free: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick(u64);

#[derive(Debug)]
struct Place {
    generation: usize,
    sides: Option<[Side; 2]>,
}

#[derive(Debug)]
struct Side {
    ready: bool,
    closed: bool,
    tick: u64,
    waker: Option<Waker>,
}

impl Side {
    fn new() -> Side {
        Side { ready: true, closed: false, tick: 0, waker: None }
    }
}

impl EventMap {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn insert(&mut self) -> usize {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place { generation: 0, sides: None });
            self.places.len() - 1
        });
        self.places[place].sides = Some([Side::new(), Side::new()]);
        self.places[place].generation << HALF | place
    }

    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        if self.sides(id).is_none() {
            return [None, None];
        }
        let place = &mut self.places[id & LOW];
        let sides = place.sides.take();
        place.generation += 1;
        // A place whose numbers are used up stays empty.
        if place.generation < LOW {
            self.free.push(id & LOW);
        }
        sides.map_or([None, None], |sides| sides.map(|side| side.waker))
    }

    fn sides(&mut self, id: usize) -> Option<&mut [Side; 2]> {
        let place = self.places.get_mut(id & LOW)?;
        if place.generation != id >> HALF {
            return None;
        }
        place.sides.as_mut()
    }

    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        let side = &self.sides(id)?[direction as usize];
        side.ready.then_some(Tick(side.tick))
    }

    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        match self.sides(id) {
            Some(sides) => sides[direction as usize].waker.replace(waker),
            None => Some(waker),
        }
    }

    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        let Some(sides) = self.sides(id) else { return };
        let side = &mut sides[direction as usize];
        side.ready = side.closed || side.tick != tick.0;
    }

    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        let Some(sides) = self.sides(event.id) else { return };
        for (direction, side) in [Direction::Read, Direction::Write].into_iter().zip(sides) {
            if event.signals.intersects(direction.signals()) {
                side.ready = true;
                side.tick += 1;
                side.closed |= event.signals.contains(direction.closed());
                wakers.extend(side.waker.take());
            }
        }
    }

    pub fn len(&self) -> usize {
        self.places.len() - self.places.iter().filter(|place| place.sides.is_none()).count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
