// expect: fail fires-again
//! Removing takes a clone of the waker out, and leaves the timer to fire.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<TimerKey, Waker>,
    made: u64,
    removed: usize,
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
            removed: 0,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        let key = TimerKey {
            when,
            number: self.made,
        };
        self.timers.insert(key, waker);
        key
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key) {
            Some(current) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        self.removed += 1;
        self.timers.get(&key).cloned()
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.first_key_value().map(|(key, _)| key.when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(first) = self.timers.first_entry()
            && first.key().when <= now
        {
            wakers.push(first.remove());
        }
    }

    pub fn len(&self) -> usize {
        self.timers.len() - self.removed
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
