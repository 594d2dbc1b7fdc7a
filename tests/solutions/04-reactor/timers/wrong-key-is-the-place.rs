// expect: fail reused-key
//! A list with places that are used again, and the place is the key: an old key reaches whoever has it now (S4-16 class).

use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    timers: Vec<Option<(Instant, Waker)>>,
}

#[derive(Debug)]
pub struct TimerKey(usize);

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers { timers: Vec::new() }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        let free = self.timers.iter().position(Option::is_none);
        let place = free.unwrap_or_else(|| {
            self.timers.push(None);
            self.timers.len() - 1
        });
        self.timers[place] = Some((when, waker));
        TimerKey(place)
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key.0) {
            Some(Some((_, current))) => Ok(std::mem::replace(current, waker)),
            _ => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let (_, waker) = self.timers.get_mut(key.0)?.take()?;
        Some(waker)
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.iter().flatten().map(|(when, _)| *when).min()
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let timers = self.timers.iter_mut();
        let due = timers.filter_map(|timer| timer.take_if(|(when, _)| *when <= now));
        let mut due: Vec<_> = due.collect();
        due.sort_by_key(|(when, _)| *when);
        wakers.extend(due.into_iter().map(|(_, waker)| waker));
    }

    pub fn len(&self) -> usize {
        self.timers.iter().flatten().count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
