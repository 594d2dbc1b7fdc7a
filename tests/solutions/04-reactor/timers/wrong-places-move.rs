// expect: fail wrong-waker
//! A list, and the key is the place in it; but a removal moves the last timer to the place of the one that goes.

use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: Vec<(Instant, Waker)>,
}

#[derive(Debug)]
pub struct TimerKey(usize);

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers { timers: Vec::new() }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.timers.push((when, waker));
        TimerKey(self.timers.len() - 1)
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key.0) {
            Some((_, current)) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        (key.0 < self.timers.len()).then(|| self.timers.swap_remove(key.0).1)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.iter().map(|(when, _)| *when).min()
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let due = self.timers.extract_if(.., |(when, _)| *when <= now);
        let mut due: Vec<_> = due.collect();
        due.sort_by_key(|(when, _)| *when);
        wakers.extend(due.into_iter().map(|(_, waker)| waker));
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
