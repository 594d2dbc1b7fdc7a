//! Several tasks that wait for the same thing, behind one waker.
//!
//! A reactor keeps one waker for each direction of a source: the latest. Where several tasks may wait
//! for one direction, they share a waker that wakes all of them. One finds what came; the others
//! find `WouldBlock`, and wait again.

use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

use crate::lock::lock;

/// The tasks that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    /// Whom to wake, each with the number of its waiter.
    wakers: Vec<(u64, Waker)>,
    /// How many waiters there ever were.
    made: u64,
}

/// One who waits. It leaves the list when it is dropped.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// Where its waker is.
    waiters: Arc<Waiters>,
    /// Which one is its.
    number: u64,
}

impl Waiter {
    /// One more who waits. It is in the list from its first [`set_waker`](Self::set_waker) on.
    pub(crate) fn new(waiters: &Arc<Waiters>) -> Self {
        let mut list = lock(&waiters.list);
        list.made += 1;
        Self {
            number: list.made,
            waiters: Arc::clone(waiters),
        }
    }

    /// Whom to wake next time: `waker`, and no earlier one of this waiter. Gives the waker of all.
    pub(crate) fn set_waker(&self, waker: &Waker) -> Waker {
        let waker = waker.clone();
        let mut list = lock(&self.waiters.list);
        let mine = (list.wakers.iter_mut()).find(|(number, _)| *number == self.number);
        let previous = match mine {
            Some((_, previous)) => Some(std::mem::replace(previous, waker)),
            None => {
                list.wakers.push((self.number, waker));
                None
            }
        };
        drop(list);
        drop(previous);
        Waker::from(Arc::clone(&self.waiters))
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        let wakers = std::mem::take(&mut lock(&self.list).wakers);
        for (_, waker) in wakers {
            waker.wake();
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut list = lock(&self.waiters.list);
        let mine = (list.wakers.iter()).position(|(number, _)| *number == self.number);
        let waker = mine.map(|place| list.wakers.swap_remove(place));
        drop(list);
        drop(waker);
    }
}
