// expect: fail early-ready
//! Makes an entry for whatever an event is about.

use std::collections::HashMap;
use std::task::Waker;

use crate::{Direction, Event};

#[derive(Debug, Default)]
pub struct EventMap {
    sources: HashMap<usize, [Side; 2]>,
    next: usize,
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
        let id = self.next;
        self.next += 1;
        self.sources.insert(id, [Side::new(), Side::new()]);
        id
    }

    pub fn remove(&mut self, id: usize) -> [Option<Waker>; 2] {
        match self.sources.remove(&id) {
            Some(sides) => sides.map(|side| side.waker),
            None => [None, None],
        }
    }

    pub fn poll_ready(&mut self, id: usize, direction: Direction) -> Option<Tick> {
        let side = &self.sources.get(&id)?[direction as usize];
        side.ready.then_some(Tick(side.tick))
    }

    pub fn set_waker(&mut self, id: usize, direction: Direction, waker: Waker) -> Option<Waker> {
        match self.sources.get_mut(&id) {
            Some(sides) => sides[direction as usize].waker.replace(waker),
            None => Some(waker),
        }
    }

    pub fn clear_ready(&mut self, id: usize, direction: Direction, tick: Tick) {
        if let Some(sides) = self.sources.get_mut(&id) {
            let side = &mut sides[direction as usize];
            if side.tick == tick.0 && !side.closed {
                side.ready = false;
            }
        }
    }

    pub fn deliver(&mut self, event: &Event, wakers: &mut Vec<Waker>) {
        let sides = self.sources.entry(event.id).or_insert_with(|| [Side::new(), Side::new()]);
        for direction in [Direction::Read, Direction::Write] {
            if event.signals.intersects(direction.signals()) {
                let side = &mut sides[direction as usize];
                side.ready = true;
                side.tick += 1;
                side.closed |= event.signals.contains(direction.closed());
                wakers.extend(side.waker.take());
            }
        }
    }

    pub fn len(&self) -> usize {
        self.sources.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}
