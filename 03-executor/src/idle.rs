//! Who sleeps, and whom to call when there is work.
//!
//! To call a sleeping thread takes longer than to run many a task, so one is called only when it is
//! needed: when somebody sleeps and nobody is *searching* already. Who is searching looks at every
//! queue, and when it has found something it calls the next one (if there is more). So after one
//! call, as many come as have something to do.
//!
//! The race to think of is that between a worker that has found nothing and a job that comes just
//! then. The job is put into its queue *before* the counters are read; the worker changes the
//! counters *before* it looks into the queues once more. Each queue has a lock, so one of the two
//! sees the other: either the worker finds the job in its last look, or whoever brought the job
//! finds the worker among the sleepers. `tests/pool_sleep.rs` tries all orders of all this.

use std::time::Duration;

use crate::lock::lock;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The workers of a pool that have nothing to do.
#[derive(Debug)]
pub(crate) struct Idle {
    /// How many are looking for work.
    searching: AtomicUsize,
    /// How many are in `sleepers`: to be read without the lock.
    asleep: AtomicUsize,
    /// Whether a sleeper has an eye on the jobs that nobody was called for.
    watched: AtomicBool,
    /// Who sleeps, the last one on top: its thread is the one that is least cold.
    sleepers: Mutex<Vec<usize>>,
    /// What each of them sleeps on.
    bells: Box<[Condvar]>,
}

/// How long the sleeper that watches sleeps between two looks.
const WATCH: Duration = Duration::from_millis(5);

impl Idle {
    /// Nobody sleeps.
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            searching: AtomicUsize::new(0),
            asleep: AtomicUsize::new(0),
            watched: AtomicBool::new(false),
            sleepers: Mutex::default(),
            bells: (0..workers).map(|_| Condvar::new()).collect(),
        }
    }

    /// There is a job for anybody: calls a sleeper, unless somebody is searching.
    pub(crate) fn notify(&self) {
        if self.searching.load(SeqCst) > 0 || self.asleep.load(SeqCst) == 0 {
            return;
        }
        let mut sleepers = lock(&self.sleepers);
        // Two who came here at once call one.
        if self.searching.load(SeqCst) > 0 {
            return;
        }
        let Some(called) = sleepers.pop() else {
            return;
        };
        // On its behalf, before it has woken up: the next job need not call another one.
        self.searching.fetch_add(1, SeqCst);
        self.asleep.store(sleepers.len(), SeqCst);
        drop(sleepers);
        self.bells[called].notify_one();
    }

    /// There is a job for one certain worker: sees to it that somebody watches whether it comes.
    pub(crate) fn notify_watcher(&self) {
        if !self.watched.load(SeqCst) {
            self.notify();
        }
    }

    /// The worker begins to search.
    pub(crate) fn search(&self) {
        self.searching.fetch_add(1, SeqCst);
    }

    /// The worker has found something. Says whether it was the last one that searched: then it has
    /// to see whether there is more, because nobody was called meanwhile.
    pub(crate) fn found(&self) -> bool {
        self.searching.fetch_sub(1, SeqCst) == 1
    }

    /// The worker, which searches, has found nothing. It joins the sleepers; then `look` looks for
    /// the last time. The worker searches again when this returns. Says whether it has watched, and
    /// nobody has called it for other work.
    pub(crate) fn sleep(&self, worker: usize, look: impl FnOnce() -> Look) -> bool {
        let mut sleepers = lock(&self.sleepers);
        sleepers.push(worker);
        self.asleep.store(sleepers.len(), SeqCst);
        self.searching.fetch_sub(1, SeqCst);
        drop(sleepers);

        let look = look();
        let mut watched = false;
        let mut sleepers = lock(&self.sleepers);
        match look {
            Look::Work => {}
            Look::Watch if !self.watched.swap(true, SeqCst) => {
                sleepers = self.wait(sleepers, worker, Some(WATCH));
                self.watched.store(false, SeqCst);
                watched = true;
            }
            Look::Watch | Look::Nothing => sleepers = self.wait(sleepers, worker, None),
        }
        let Some(place) = sleepers.iter().position(|&sleeper| sleeper == worker) else {
            // Called. It is counted as searching since then.
            return false;
        };
        sleepers.remove(place);
        self.searching.fetch_add(1, SeqCst);
        self.asleep.store(sleepers.len(), SeqCst);
        watched
    }

    /// Sleeps until it is called, or the time has passed.
    fn wait<'a>(
        &'a self,
        mut sleepers: MutexGuard<'a, Vec<usize>>,
        worker: usize,
        timeout: Option<Duration>,
    ) -> MutexGuard<'a, Vec<usize>> {
        let bell = &self.bells[worker];
        while sleepers.contains(&worker) {
            let Some(timeout) = timeout else {
                sleepers = bell.wait(sleepers).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = bell.wait_timeout(sleepers, timeout);
            let (again, result) = waited.unwrap_or_else(PoisonError::into_inner);
            sleepers = again;
            if result.timed_out() {
                break;
            }
        }
        sleepers
    }

    /// Calls everybody.
    pub(crate) fn notify_all(&self) {
        let mut sleepers = lock(&self.sleepers);
        self.searching.fetch_add(sleepers.len(), SeqCst);
        let called = std::mem::take(&mut *sleepers);
        self.asleep.store(0, SeqCst);
        drop(sleepers);
        for worker in called {
            self.bells[worker].notify_one();
        }
    }
}

/// What a worker sees before it sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing to do.
    Nothing,
    /// A job that somebody else should take soon.
    Watch,
    /// Something to do, or the pool has ended.
    Work,
}
