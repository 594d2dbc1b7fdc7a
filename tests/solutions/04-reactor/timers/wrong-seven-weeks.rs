// expect: fail deadline-mismatch
//! Counts in milliseconds, in 32 bits: after 49 days they begin again.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<TimerKey, Waker>,
    made: u64,
    start: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey {
    when: u32,
    number: u64,
}

impl Timers {
    pub fn new(now: Instant) -> Self {
        Timers {
            timers: BTreeMap::new(),
            made: 0,
            start: now,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        let after = when.saturating_duration_since(self.start);
        let key = TimerKey {
            when: after.as_nanos().div_ceil(1_000_000) as u32,
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
        let (key, _) = self.timers.first_key_value()?;
        Some(self.start + Duration::from_millis(key.when.into()))
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let now = now.saturating_duration_since(self.start).as_millis() as u32;
        while let Some(first) = self.timers.first_entry()
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
