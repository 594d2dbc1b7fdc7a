// expect: fail not-the-earliest
//! Keeps the next deadline in a field, and sets it only when there is none: an earlier timer that comes later changes nothing (S4-19).

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<TimerKey, Waker>,
    made: u64,
    next: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey {
    when: Instant,
    number: u64,
}

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers {
            timers: BTreeMap::new(),
            made: 0,
            next: None,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        let key = TimerKey {
            when,
            number: self.made,
        };
        self.timers.insert(key, waker);
        self.next.get_or_insert(when);
        key
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key) {
            Some(current) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        self.timers.remove(&key)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.next
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(first) = self.timers.first_entry()
            && first.key().when <= now
        {
            wakers.push(first.remove());
        }
        self.next = self.timers.first_key_value().map(|(key, _)| key.when);
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}
