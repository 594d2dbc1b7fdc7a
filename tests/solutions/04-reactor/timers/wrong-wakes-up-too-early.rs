// expect: fail deadline-mismatch
//! Fires exactly, but gives out deadlines in whole milliseconds, cut off: the loop gets up before it is time, finds nothing, and
//! is told the same again (S4-18; smol-rs/smol #109, Smithay/calloop #142).

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
    when: Instant,
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
        let (key, _) = self.timers.first_key_value()?;
        let after = key.when.saturating_duration_since(self.start);
        let millis = u64::try_from(after.as_millis()).ok()?;
        Some(self.start + Duration::from_millis(millis))
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
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
