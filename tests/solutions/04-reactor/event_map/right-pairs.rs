// expect: pass
//! A place for each pair of source and direction, in a sorted map.

use std::collections::BTreeMap;
use std::task::Waker;

use crate::{Direction, Event};

#[derive(Debug, Default)]
pub struct EventMap {
    sides: BTreeMap<(usize, bool), Side>,
    next: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick(u64);

#[derive(Debug, Default)]
struct Side {
    /// Up to which event it has been used up.
    cleared: u64,
    /// The number of the latest event. The making of the source counts as one.
    tick: u64,
    closed: bool,
    waker: Option<Waker>,
}

fn key(id: usize, direction: Direction) -> (usize, bool) {
    (id, direction == Direction::Write)
}

impl EventMap {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn insert(&mut self) -> usize {
        self.next += 1;
        for direction in [Direction::Read, Direction::Write] {
            let side = Side { tick: 1, ..Side::default() };
            self.sides.insert(key(self.next, direction), side);
        }
        self.next
    }

    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        [Direction::Read, Direction::Write].map(|direction| self.sides.remove(&key(id, direction))?.waker)
    }

    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        let side = self.sides.get(&key(id, direction))?;
        (side.closed || side.tick > side.cleared).then_some(Tick(side.tick))
    }

    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        match self.sides.get_mut(&key(id, direction)) {
            Some(side) => side.waker.replace(waker),
            None => Some(waker),
        }
    }

    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        if let Some(side) = self.sides.get_mut(&key(id, direction)) {
            side.cleared = tick.0;
        }
    }

    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        for direction in [Direction::Read, Direction::Write] {
            let Some(side) = self.sides.get_mut(&key(event.id, direction)) else { continue };
            if event.signals.intersects(direction.signals()) {
                side.tick += 1;
                side.closed |= event.signals.contains(direction.closed());
                wakers.extend(side.waker.take());
            }
        }
    }

    pub fn len(&self) -> usize {
        self.sides.len() / 2
    }

    pub fn is_empty(&self) -> bool {
        self.sides.is_empty()
    }
}
