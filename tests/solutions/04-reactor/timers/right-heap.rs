// expect: pass with advice cancelled-stays
//! A heap that gives out the earliest, and a map beside it. An entry of the heap whose timer is gone is thrown away
//! when it comes to the top: so a timer that is removed long before its time keeps a small place until then.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::task::Waker;
use std::time::Instant;

#[derive(Debug)]
pub struct Timers {
    queue: BinaryHeap<Reverse<(Instant, u64)>>,
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
        self.queue.push(Reverse((when, self.made)));
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
        self.queue.peek().map(|Reverse((when, _))| *when)
    }

    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(Reverse((when, number))) = self.queue.peek()
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
        while let Some(Reverse((_, number))) = self.queue.peek()
            && !self.wakers.contains_key(number)
        {
            self.queue.pop();
        }
    }
}
