// expect: fail lost-wakeup
//! Fires a hundred timers at most in each call, so as not to keep the tasks waiting.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<TimerKey, Waker>,
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
            timers: BTreeMap::new(),
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
        self.timers.first_key_value().map(|(key, _)| key.when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let most = wakers.len() + 100;
        while wakers.len() < most
            && let Some(first) = self.timers.first_entry()
            && first.key().when <= now
        {
            wakers.push(first.remove());
        }
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}
