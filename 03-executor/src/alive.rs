//! Who is alive: a waker of each task of a pool.
//!
//! A task that waits lies in no queue; only whoever will wake it knows it. When the pool ends, such
//! tasks must be found all the same, to be dropped. This is the list of all of them.
//!
//! Every spawn and every end of a task comes here, from any thread. One lock for all would be where
//! the threads of a busy pool meet, so the list has several parts with a lock each.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::Waker;

use crate::lock::lock;
use crate::slab::Slab;
use crate::sync::Mutex;

/// The tasks that have been spawned and are not over.
#[derive(Debug)]
pub(crate) struct Alive {
    parts: Box<[Part]>,
    /// Which part gets the next task.
    next: AtomicUsize,
}

/// Aligned so that no two parts lie in the same cache line (or the pair of them that processors
/// fetch together).
#[derive(Debug, Default)]
#[repr(align(128))]
struct Part(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    wakers: Slab<Waker>,
    /// Whether the list is closed: nobody comes any more.
    closed: bool,
}

/// Where a task stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    part: u32,
    number: u32,
}

impl Alive {
    /// An empty list of so many parts.
    pub(crate) fn new(parts: usize) -> Self {
        Self {
            parts: (0..parts).map(|_| Part::default()).collect(),
            next: AtomicUsize::new(0),
        }
    }

    /// Adds the task that `make` makes, given its key, and `waker` wakes. If the list is closed, the
    /// task is made all the same, and does not stand in it.
    pub(crate) fn add<T>(&self, make: impl FnOnce(Key) -> T, waker: impl FnOnce(&T) -> Waker) -> T {
        let part = self.next.fetch_add(1, Relaxed) % self.parts.len();
        // Held while the task is made: that only moves the future to its place, and runs nobody's
        // code.
        let mut state = lock(&self.parts[part].0);
        let made = make(Key {
            part: part.try_into().expect("as many as a few threads need"),
            number: state.wakers.next(),
        });
        if !state.closed {
            state.wakers.insert(waker(&made));
        }
        made
    }

    /// Takes out a task that is over.
    pub(crate) fn remove(&self, key: Key) {
        let mut state = lock(&self.parts[key.part as usize].0);
        // When the list was closed it was emptied, too.
        let waker = (!state.closed).then(|| state.wakers.remove(key.number));
        drop(state);
        drop(waker);
    }

    /// Closes the list, and gives the wakers of all that stood in it.
    pub(crate) fn close(&self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        for part in &self.parts {
            let mut state = lock(&part.0);
            state.closed = true;
            wakers.extend(state.wakers.drain());
        }
        wakers
    }
}
