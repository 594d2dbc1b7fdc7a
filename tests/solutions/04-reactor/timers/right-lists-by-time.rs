// expect: pass
//! A map from each time to the timers of that time; a second map from the number to the time.

use std::collections::{BTreeMap, HashMap};
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<Instant, Vec<(u64, Waker)>>,
    times: HashMap<u64, Instant>,
    made: u64,
}

#[derive(Debug)]
pub struct TimerKey(u64);

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers {
            timers: BTreeMap::new(),
            times: HashMap::new(),
            made: 0,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        let timers = self.timers.entry(when).or_default();
        timers.push((self.made, waker));
        self.times.insert(self.made, when);
        TimerKey(self.made)
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        let when = self.times.get(&key.0);
        let timers = when.and_then(|when| self.timers.get_mut(when));
        let timer = timers.and_then(|timers| timers.iter_mut().find(|timer| timer.0 == key.0));
        match timer {
            Some((_, current)) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let when = self.times.remove(&key.0)?;
        let timers = self.timers.get_mut(&when)?;
        let place = timers.iter().position(|timer| timer.0 == key.0)?;
        let (_, waker) = timers.swap_remove(place);
        if timers.is_empty() {
            self.timers.remove(&when);
        }
        Some(waker)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.first_key_value().map(|(when, _)| *when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(first) = self.timers.first_entry()
            && *first.key() <= now
        {
            for (number, waker) in first.remove() {
                self.times.remove(&number);
                wakers.push(waker);
            }
        }
    }

    pub fn len(&self) -> usize {
        self.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }
}
