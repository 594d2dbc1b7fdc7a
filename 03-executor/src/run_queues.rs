//! Where the ready tasks of a pool stand: a queue for each worker, and one for all.
//!
//! A task that a worker's task spawns or wakes goes into that worker's own queue, whose lock is
//! nearly always free. What comes from other threads goes into the common one. A worker whose queue
//! is empty takes its share of the common one, or half of another worker's.
//!
//! Each worker has one place before its queue, `next`. It is for a task that was woken while nothing
//! else stood there: a task that wakes another one mostly waits for its answer, so the worker will
//! come to it in a moment, with the data still in its cache; to call another thread for it takes
//! much longer than to run it. Other workers leave it alone, at first: see
//! [`take_overdue`](RunQueues::take_overdue).
//!
//! All is served in the order in which it came, so no task can keep another one waiting for ever.

use std::collections::VecDeque;

use crate::alive::Key;
use crate::lock::lock;
use crate::sync::Mutex;
use crate::task::Runnable;

/// A task that is to be polled.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) runnable: Runnable,
    /// Where it stands among those that are alive.
    pub(crate) key: Key,
}

/// The queues of one pool.
#[derive(Debug)]
pub(crate) struct RunQueues {
    /// For what comes from outside.
    common: Queue,
    /// One for each worker.
    own: Box<[Queue]>,
}

/// Aligned so that no two queues lie in the same cache line (or the pair of them that processors
/// fetch together).
#[derive(Debug, Default)]
#[repr(align(128))]
struct Queue(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Comes before `jobs`. Filled only while `jobs` is empty; never filled in the common queue.
    next: Option<Job>,
    /// Whether somebody who had nothing to do saw this `next`, and left it there.
    seen: bool,
    jobs: VecDeque<Job>,
    /// Whether the pool is gone: nothing comes in any more.
    closed: bool,
}

/// Where a job was put, and so who has to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// Into the worker's `next`: it will come to it soon.
    Next,
    /// Into a queue where others may help themselves.
    Queued,
}

/// What there is to do for whoever has nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Nothing at all.
    Nothing,
    /// Nothing to take, but a `next` that has to be watched.
    Next,
    /// Something to take.
    Queued,
}

/// How many jobs a worker takes at once, at most: the others come for theirs, too.
const BATCH: usize = 64;

impl RunQueues {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            common: Queue::default(),
            own: (0..workers).map(|_| Queue::default()).collect(),
        }
    }

    /// Adds a job to a worker's queue, or to the common one. With `woken`, `next` will do. Gives the
    /// runnable back if the queues are closed.
    #[inline]
    pub(crate) fn push(
        &self,
        worker: Option<usize>,
        runnable: Runnable,
        key: Key,
        woken: bool,
    ) -> Result<Pushed, Runnable> {
        let queue = worker.map_or(&self.common, |worker| &self.own[worker]);
        let mut state = lock(&queue.0);
        if state.closed {
            return Err(runnable);
        }
        let job = Job { runnable, key };
        if woken && worker.is_some() && state.next.is_none() && state.jobs.is_empty() {
            state.next = Some(job);
            state.seen = false;
            return Ok(Pushed::Next);
        }
        state.jobs.push_back(job);
        Ok(Pushed::Queued)
    }

    /// Takes the job that has stood longest in a worker's own queue.
    #[inline]
    pub(crate) fn pop_own(&self, worker: usize) -> Option<Job> {
        let mut state = lock(&self.own[worker].0);
        let next = state.next.take();
        next.or_else(|| state.jobs.pop_front())
    }

    /// Takes a worker's share of the common queue: one job to run, the rest for its own queue.
    pub(crate) fn take_common(&self, worker: usize) -> Option<Job> {
        self.take(&self.common, worker, self.own.len())
    }

    /// Takes half of another worker's queue, in the same way.
    pub(crate) fn steal(&self, worker: usize) -> Option<Job> {
        let mut others = self.others(worker);
        others.find_map(|other| self.take(other, worker, 2))
    }

    /// Takes a `next` that was there already at the last [`load`](Self::load): if that is some time
    /// ago, its worker has been in one poll ever since, and may be for long.
    pub(crate) fn take_overdue(&self, worker: usize) -> Option<Job> {
        self.others(worker).find_map(|other| {
            let mut state = lock(&other.0);
            let overdue = state.seen;
            state.next.take_if(|_| overdue)
        })
    }

    /// What there is to do, where any worker may do it.
    pub(crate) fn load(&self) -> Load {
        let mut load = Load::Nothing;
        for queue in self.own.iter().chain([&self.common]) {
            let mut state = lock(&queue.0);
            if !state.jobs.is_empty() {
                return Load::Queued;
            }
            if state.next.is_some() {
                state.seen = true;
                load = Load::Next;
            }
        }
        load
    }

    /// Closes the queues, and gives what stood in them.
    pub(crate) fn close(&self) -> Vec<Job> {
        let mut left = Vec::new();
        for queue in self.own.iter().chain([&self.common]) {
            let mut state = lock(&queue.0);
            state.closed = true;
            left.extend(state.next.take());
            left.extend(state.jobs.drain(..));
        }
        left
    }

    /// The queues of all other workers, beginning with the next one: so not everybody who looks for
    /// work looks in the same place first.
    fn others(&self, worker: usize) -> impl Iterator<Item = &Queue> {
        self.own[worker + 1..].iter().chain(&self.own[..worker])
    }

    /// Takes the first of `parts` parts of a queue, rounded up.
    fn take(&self, from: &Queue, worker: usize, parts: usize) -> Option<Job> {
        let mut from = lock(&from.0);
        let first = from.jobs.pop_front()?;
        let more = (from.jobs.len() / parts).min(BATCH - 1);
        if more == 0 {
            return Some(first);
        }
        // Never two locks at once: two workers that take from each other would wait for each other.
        let batch: Vec<Job> = from.jobs.drain(..more).collect();
        drop(from);
        let mut own = lock(&self.own[worker].0);
        if own.closed {
            drop(own);
            drop(batch);
        } else {
            own.jobs.extend(batch);
        }
        Some(first)
    }
}
