//! The threads of a pool, counted by what `start` leaves on each of them.

#![allow(dead_code, unreachable_pub)]

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use executor::ThreadPool;

thread_local! {
    /// On a worker, from `start` to the thread's end.
    static PRESENT: RefCell<Option<Present>> = const { RefCell::new(None) };
}

/// How many workers a pool has, and has had.
#[derive(Clone, Default)]
pub struct Workers {
    started: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

struct Present(Workers);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, SeqCst);
    }
}

impl Workers {
    pub fn new() -> Self {
        Self::default()
    }

    /// A pool whose threads are counted.
    pub fn pool(&self, threads: usize) -> ThreadPool {
        let workers = self.clone();
        ThreadPool::with_start(threads, move || {
            workers.started.fetch_add(1, SeqCst);
            PRESENT.set(Some(Present(workers.clone())));
        })
    }

    /// How often `start` was called.
    pub fn started(&self) -> usize {
        self.started.load(SeqCst)
    }

    /// How many threads have ended on which it was called.
    pub fn ended(&self) -> usize {
        self.ended.load(SeqCst)
    }

    /// Whether it was called on this thread.
    pub fn has_started() -> bool {
        PRESENT.with_borrow(Option::is_some)
    }
}
