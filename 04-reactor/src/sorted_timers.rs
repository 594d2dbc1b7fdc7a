//! The timers as a sorted map: the plain version of [`Timers`](crate::Timers).
//!
//! The map does everything by itself: the earliest is the first, and taking one out by its key is one
//! call. The price is a search through the tree for each timer that comes or goes, and most timers
//! come and go without ever firing: they are time limits of something that is done in time. The
//! wheel finds a timer's place by arithmetic instead; `cargo run --release -p reactor --example
//! timers` shows both.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

/// Timers in a sorted map. The methods are those of [`Timers`](crate::Timers).
///
/// ```
/// use std::task::Waker;
/// use std::time::{Duration, Instant};
/// use reactor::SortedTimers;
///
/// let start = Instant::now();
/// let mut timers = SortedTimers::new();
/// let late = timers.insert(start + Duration::from_secs(2), Waker::noop().clone());
/// timers.insert(start + Duration::from_secs(1), Waker::noop().clone());
/// assert_eq!(timers.next_deadline(), Some(start + Duration::from_secs(1)));
///
/// let mut due = Vec::new();
/// timers.fire(start + Duration::from_secs(1), &mut due);
/// assert_eq!(due.len(), 1);
/// assert!(timers.remove(late).is_some());
/// assert!(timers.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct SortedTimers {
    /// By time; and by number, so that two timers may have one time.
    timers: BTreeMap<SortedKey, Waker>,
    /// How many timers there ever were.
    made: u64,
}

/// Names one timer of a [`SortedTimers`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedKey {
    /// When it is due: the first field, so it decides first.
    when: Instant,
    /// Which one it is of those with the same time.
    number: u64,
}

impl SortedTimers {
    /// No timers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A timer that is due at `when`.
    pub fn insert(&mut self, when: Instant, waker: Waker) -> SortedKey {
        self.made += 1;
        let number = self.made;
        self.timers.insert(SortedKey { when, number }, waker);
        SortedKey { when, number }
    }

    /// Gives the timer another waker, and the one before back; or, if it has fired, `waker`.
    ///
    /// # Errors
    ///
    /// The timer has fired: `waker` comes back.
    pub fn set_waker(&mut self, key: &SortedKey, waker: Waker) -> Result<Waker, Waker> {
        match self.timers.get_mut(key) {
            Some(current) => Ok(std::mem::replace(current, waker)),
            None => Err(waker),
        }
    }

    /// Takes a timer out, and gives its waker back. `None`: it has fired.
    pub fn remove(&mut self, key: SortedKey) -> Option<Waker> {
        self.timers.remove(&key)
    }

    /// When the earliest timer is due; `None` if there is none.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.first_key_value().map(|(key, _)| key.when)
    }

    /// Takes out the timers that are due at `now`, and appends their wakers, the earliest first.
    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        while let Some(first) = self.timers.first_entry()
            && first.key().when <= now
        {
            wakers.push(first.remove());
        }
    }

    /// How many timers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.timers.len()
    }

    /// Whether there is no timer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}
