//! Where the ready tasks of a pool stand: a queue for each worker, and one for all.
//!
//! A task that a worker's task spawns or wakes goes into that worker's own queue, whose lock is
//! nearly always free. What comes from other threads goes into the common one. A worker whose queue
//! is empty takes its share of the common one, or half of another worker's.
//!
//! Each worker has one place before its queue, `next`. It is for a task that was woken or spawned
//! while nothing else stood there. Whoever brings one such task mostly waits for its answer or ends,
//! so the worker will come to it in a moment, with the data still in its cache; to call another
//! thread for it takes much longer than to run it. Other workers leave it alone, at first: see
//! [`take_overdue`](RunQueues::take_overdue). The second task is for everybody.
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

    /// Adds a job to a worker's queue, or to the common one. Gives the runnable back if the queues
    /// are closed.
    #[inline]
    pub(crate) fn push(
        &self,
        worker: Option<usize>,
        runnable: Runnable,
        key: Key,
    ) -> Result<Pushed, Runnable> {
        let queue = worker.map_or(&self.common, |worker| &self.own[worker]);
        let mut state = lock(&queue.0);
        if state.closed {
            return Err(runnable);
        }
        let job = Job { runnable, key };
        if worker.is_some() && state.next.is_none() && state.jobs.is_empty() {
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
        lock(&self.own[worker].0).pop()
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

    /// Takes a job from anywhere: for the end of the pool.
    pub(crate) fn pop_any(&self) -> Option<Job> {
        let mut queues = self.own.iter().chain([&self.common]);
        queues.find_map(|queue| lock(&queue.0).pop())
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

impl State {
    fn pop(&mut self) -> Option<Job> {
        let next = self.next.take();
        next.or_else(|| self.jobs.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alive::Alive;
    use crate::task;

    /// Queues, with jobs that say their number when they are run.
    struct Jobs {
        queues: RunQueues,
        alive: Alive,
        ran: std::sync::mpsc::Receiver<u32>,
        says: std::sync::mpsc::Sender<u32>,
    }

    impl Jobs {
        fn new(workers: usize) -> Self {
            let (says, ran) = std::sync::mpsc::channel();
            Self {
                queues: RunQueues::new(workers),
                alive: Alive::new(1),
                ran,
                says,
            }
        }

        fn push(&self, worker: Option<usize>, number: u32) -> Pushed {
            let says = self.says.clone();
            let make = |key| {
                let future = async move { says.send(number).unwrap() };
                (task::spawn(future, |_| {}).0, key)
            };
            let (runnable, key) = self.alive.add(make, |(runnable, _)| runnable.waker());
            let pushed = self.queues.push(worker, runnable, key);
            pushed.expect("the queues are open")
        }

        /// The number of this job.
        fn run(&self, job: Option<Job>) -> Option<u32> {
            let _ = job?.runnable.run();
            Some(self.ran.recv().unwrap())
        }
    }

    #[test]
    fn what_comes_first_is_served_first() {
        let jobs = Jobs::new(1);
        assert_eq!(jobs.push(Some(0), 1), Pushed::Next);
        assert_eq!(jobs.push(Some(0), 2), Pushed::Queued);
        assert_eq!(jobs.push(Some(0), 3), Pushed::Queued);
        let order = [1, 2, 3].map(|_| jobs.run(jobs.queues.pop_own(0)).unwrap());
        assert_eq!(order, [1, 2, 3]);
        assert!(jobs.queues.pop_own(0).is_none());
    }

    #[test]
    fn a_worker_takes_its_share_of_the_common_queue_and_half_of_anothers() {
        let jobs = Jobs::new(2);
        for number in 0..8 {
            jobs.push(None, number);
        }
        assert_eq!(jobs.run(jobs.queues.take_common(0)), Some(0));
        let own: Vec<_> = std::iter::from_fn(|| jobs.run(jobs.queues.pop_own(0))).collect();
        assert_eq!(own, [1, 2, 3]);
        assert_eq!(jobs.run(jobs.queues.take_common(0)), Some(4));
        assert_eq!(jobs.run(jobs.queues.steal(1)), Some(5));
        assert_eq!(jobs.run(jobs.queues.take_common(1)), Some(6));
        assert_eq!(jobs.run(jobs.queues.take_common(1)), Some(7));
        assert_eq!(jobs.queues.load(), Load::Nothing);
    }

    #[test]
    fn a_next_is_left_to_its_worker_unless_it_was_seen_before() {
        let jobs = Jobs::new(2);
        jobs.push(Some(0), 1);
        assert!(jobs.queues.steal(1).is_none());
        assert!(jobs.queues.take_overdue(1).is_none());
        assert_eq!(jobs.queues.load(), Load::Next);
        assert!(jobs.queues.steal(1).is_none());
        assert_eq!(jobs.run(jobs.queues.take_overdue(1)), Some(1));
        // The next one has not been seen.
        jobs.push(Some(0), 2);
        assert!(jobs.queues.take_overdue(1).is_none());
    }

    #[test]
    fn nothing_comes_into_closed_queues() {
        let jobs = Jobs::new(1);
        jobs.push(Some(0), 1);
        jobs.push(Some(0), 2);
        jobs.push(None, 3);
        assert_eq!(jobs.queues.close().len(), 3);
        let make = |key| (task::spawn(async {}, |_| {}).0, key);
        let (runnable, key) = jobs.alive.add(make, |(runnable, _)| runnable.waker());
        assert!(jobs.queues.push(None, runnable, key).is_err());
    }
}
