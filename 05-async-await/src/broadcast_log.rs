//! The latest values of a `broadcast.rs`, and how far somebody is behind.

use std::collections::VecDeque;
use std::mem;

use crate::sync::Arc;

/// Keeps the latest few of many values. A plain data structure: whoever owns it locks it, and drops the
/// values that it gives back after unlocking.
#[derive(Debug)]
pub(crate) struct Log<T> {
    /// The latest values, the oldest first. In an `Arc`, because a clone of `T` is foreign code, and
    /// is made outside the lock.
    latest: VecDeque<Arc<T>>,
    /// How many of them are kept.
    capacity: usize,
    /// How many there ever were.
    sent: u64,
}

impl<T> Log<T> {
    /// Keeps so many, and has none.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            latest: VecDeque::new(),
            capacity,
            sent: 0,
        }
    }

    /// One more. Gives the one that is not kept any more.
    pub(crate) fn push(&mut self, value: T) -> Option<Arc<T>> {
        let oldest = match self.latest.len() < self.capacity {
            true => None,
            false => self.latest.pop_front(),
        };
        self.latest.push_back(Arc::new(value));
        self.sent += 1;
        oldest
    }

    /// How many there ever were.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// What comes after so many values that were heard or missed; `None` if it is yet to come. If it is not
    /// kept any more, the error says how many are not: they count as missed from now on.
    pub(crate) fn next(&self, heard: &mut u64) -> Option<Result<Arc<T>, u64>> {
        let behind = self.sent - *heard;
        let kept = self.latest.len() as u64;
        if behind == 0 {
            return None;
        }
        if behind > kept {
            let missed = behind - kept;
            *heard += missed;
            return Some(Err(missed));
        }
        *heard += 1;
        let place = usize::try_from(kept - behind).expect("fewer than are kept");
        Some(Ok(Arc::clone(&self.latest[place])))
    }

    /// Keeps none of these.
    pub(crate) fn take_all(&mut self) -> VecDeque<Arc<T>> {
        mem::take(&mut self.latest)
    }
}
