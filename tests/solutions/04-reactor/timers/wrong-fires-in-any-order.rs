// expect: fail not-the-earliest
//! Looks through all timers, and gives out those that are due as they lie there.

use std::collections::HashMap;
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: HashMap<TimerKey, Waker>,
    made: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimerKey {
    when: Instant,
    number: u64,
}

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers {
            timers: HashMap::new(),
            made: 0,
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
        self.timers.remove(&key)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.keys().map(|key| key.when).min()
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let due = self.timers.extract_if(|key, _| key.when <= now);
        wakers.extend(due.map(|(_, waker)| waker));
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}
