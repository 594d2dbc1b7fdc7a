// expect: fail keeps-task-alive
//! Removing only marks the timer: its waker stays until the time has come, and a clone goes back.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: BTreeMap<TimerKey, (Waker, bool)>,
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
        self.timers.insert(key, (waker, true));
        key
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key) {
            Some((current, true)) => Ok(std::mem::replace(current, waker)),
            _ => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let (waker, there) = self.timers.get_mut(&key)?;
        std::mem::replace(there, false).then(|| waker.clone())
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        let mut timers = self.timers.iter();
        let (key, _) = timers.find(|(_, (_, there))| *there)?;
        Some(key.when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(first) = self.timers.first_entry()
            && first.key().when <= now
        {
            let (waker, there) = first.remove();
            if there {
                wakers.push(waker);
            }
        }
    }

    pub fn len(&self) -> usize {
        self.timers.values().filter(|(_, there)| *there).count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
