//! Who waits for a turn, and who has been given one.
//!
//! A mutex, a semaphore and a full channel have the same problem: several tasks wait, one place
//! becomes free, and exactly one of them is to get it, the one that has waited longest. The place is
//! *handed over*: it is never free in between, so nobody who comes later can snatch it. And a
//! waiter that is dropped after it was given its turn, and before it could take it, has to give it on.
//!
//! As in stage 02's `Notify`, the queue is the whole state: waiters stand in it by ascending number,
//! and one that does not find its number any more has been given its turn.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

/// Those who wait, each with what it asks for. A plain data structure: whoever owns it locks it, and
/// wakes and drops the wakers that it gives back after unlocking.
#[derive(Debug)]
pub(crate) struct WaitQueue<T = ()> {
    /// The longest waiting first; ascending by number.
    waiters: VecDeque<Waiter<T>>,
    /// The number for the next waiter.
    next: u64,
}

/// One who waits.
#[derive(Debug)]
struct Waiter<T> {
    /// By this it finds its place again.
    number: u64,
    /// What it asks for.
    asks: T,
    /// The waker of its latest poll.
    waker: Waker,
}

impl<T> WaitQueue<T> {
    pub(crate) const fn new() -> Self {
        Self {
            waiters: VecDeque::new(),
            next: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// One more at the end of the queue. Gives its number.
    pub(crate) fn push(&mut self, asks: T, waker: Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiters.push_back(Waiter {
            number,
            asks,
            waker,
        });
        number
    }

    /// What the first one asks for.
    pub(crate) fn first(&self) -> Option<&T> {
        self.waiters.front().map(|waiter| &waiter.asks)
    }

    /// Gives the first one its turn: wake it, outside the lock.
    pub(crate) fn pop(&mut self) -> Option<(T, Waker)> {
        let first = self.waiters.pop_front()?;
        Some((first.asks, first.waker))
    }

    /// Whom to wake for this waiter from now on. Gives back the waker that is not needed any more:
    /// the earlier one, or `waker` itself, as the error, if the waiter has been given its turn.
    pub(crate) fn set_waker(&mut self, number: u64, waker: Waker) -> Result<Waker, Waker> {
        match self.find(number) {
            Some(place) => Ok(mem::replace(&mut self.waiters[place].waker, waker)),
            None => Err(waker),
        }
    }

    /// Takes a waiter out that does not want to wait any more. `None`: it has been given its turn,
    /// and has to give it on.
    pub(crate) fn remove(&mut self, number: u64) -> Option<(T, Waker)> {
        let place = self.find(number)?;
        let waiter = self.waiters.remove(place)?;
        Some((waiter.asks, waiter.waker))
    }

    /// Gives everybody their turn: wake them, outside the lock.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Waker> + use<T> {
        mem::take(&mut self.waiters)
            .into_iter()
            .map(|waiter| waiter.waker)
    }

    fn find(&self, number: u64) -> Option<usize> {
        let place = (self.waiters).binary_search_by_key(&number, |waiter| waiter.number);
        place.ok()
    }
}

impl<T> Default for WaitQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}
