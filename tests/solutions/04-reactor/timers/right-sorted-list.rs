// expect: pass
//! A list that is kept sorted, the earliest last.

use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: Vec<(TimerKey, Waker)>,
    made: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey {
    when: Instant,
    number: u64,
}

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers {
            timers: Vec::new(),
            made: 0,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        let key = TimerKey {
            when,
            number: self.made,
        };
        let place = self.timers.partition_point(|(other, _)| *other > key);
        self.timers.insert(place, (key, waker));
        key
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.iter_mut().find(|(other, _)| other == key) {
            Some((_, current)) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let place = self.timers.iter().position(|(other, _)| *other == key)?;
        Some(self.timers.remove(place).1)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.last().map(|(key, _)| key.when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some((_, waker)) = self.timers.pop_if(|(key, _)| key.when <= now) {
            wakers.push(waker);
        }
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}
