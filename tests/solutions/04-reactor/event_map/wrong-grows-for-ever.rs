// expect: fail left-behind
//! A new place for every source, and none is used again: ids are safe, and the list never ends.

use std::task::Waker;

use crate::{Direction, Event};

#[derive(Debug, Default)]
pub struct EventMap {
    places: Vec<Option<[Side; 2]>>,
    len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick(u64);

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
        self.places.push(Some([Side::new(), Side::new()]));
        self.len += 1;
        self.places.len() - 1
    }

    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        match self.places.get_mut(id).and_then(Option::take) {
            Some(sides) => {
                self.len -= 1;
                sides.map(|side| side.waker)
            }
            None => [None, None],
        }
    }

    fn side(&mut self, id: usize, direction: Direction) -> Option<&mut Side> {
        let sides = self.places.get_mut(id)?.as_mut()?;
        Some(&mut sides[direction as usize])
    }

    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        let side = self.side(id, direction)?;
        side.ready.then_some(Tick(side.tick))
    }

    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        match self.side(id, direction) {
            Some(side) => side.waker.replace(waker),
            None => Some(waker),
        }
    }

    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        if let Some(side) = self.side(id, direction) {
            side.ready = side.closed || side.tick != tick.0;
        }
    }

    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        for direction in [Direction::Read, Direction::Write] {
            let Some(side) = self.side(event.id, direction) else { return };
            if event.signals.intersects(direction.signals()) {
                side.ready = true;
                side.tick += 1;
                side.closed |= event.signals.contains(direction.closed());
                wakers.extend(side.waker.take());
            }
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}
