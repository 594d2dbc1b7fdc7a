// expect: fail not-the-earliest
//! A `BinaryHeap` of times as they are: it gives out the latest (S4-19; qkniep/alpenglow #558, Metaswitch/chronos #259).

use std::collections::{BinaryHeap, HashMap};
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    queue: BinaryHeap<(Instant, u64)>,
    wakers: HashMap<u64, Waker>,
    made: u64,
}

#[derive(Debug)]
pub struct TimerKey(u64);

impl Timers {
    pub fn new(_now: Instant) -> Self {
        Timers {
            queue: BinaryHeap::new(),
            wakers: HashMap::new(),
            made: 0,
        }
    }

    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        self.wakers.insert(self.made, waker);
        self.queue.push((when, self.made));
        TimerKey(self.made)
    }

    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        match self.wakers.get_mut(&key.0) {
            Some(current) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let waker = self.wakers.remove(&key.0);
        self.forget_the_gone();
        waker
    }

    pub fn next_deadline(&self) -> Option<Instant> {
        self.queue.peek().map(|(when, _)| *when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some((when, number)) = self.queue.peek()
            && *when <= now
        {
            wakers.extend(self.wakers.remove(number));
            self.queue.pop();
        }
        self.forget_the_gone();
    }

    pub fn len(&self) -> usize {
        self.wakers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.wakers.is_empty()
    }

    // Those at the top whose timers were removed.
    fn forget_the_gone(&mut self) {
        while let Some((_, number)) = self.queue.peek()
            && !self.wakers.contains_key(number)
        {
            self.queue.pop();
        }
    }
}
