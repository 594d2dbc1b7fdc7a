//! What a thread of a pool does: it polls tasks, looks for tasks, and sleeps.
//!
//! Its own queue comes first; the common one, when that is empty, and every now and then; the others'
//! last. The rules of the sleep are those of `idle.rs`: a worker says that it searches, and that it
//! has found something, and looks once more before it sleeps.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use crate::alive::Key;
use crate::idle::Look;
use crate::run_queues::{Job, Load};
use crate::task::Runnable;
use crate::thread_pool::Shared;

/// One thread of a pool.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    /// Its place among them, and that of its queue.
    index: usize,
    /// How many tasks it has polled, from time to time from 0 again.
    polls: usize,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, index: usize) -> Self {
        Self {
            shared,
            index,
            polls: 0,
        }
    }

    /// Polls one task after the other until the pool ends.
    pub(crate) fn run(&mut self) {
        /// Tasks that wake each other could keep a worker from the common queue for ever.
        const POLLS_BETWEEN_LOOKS: usize = 61;

        while !self.shared.closed.load(SeqCst) {
            let queues = &self.shared.queues;
            self.polls = self.polls.wrapping_add(1);
            if self.polls.is_multiple_of(POLLS_BETWEEN_LOOKS)
                && let Some(job) = queues.take_common(self.index)
            {
                self.poll(job.runnable, job.key);
            } else if let Some(job) = queues.pop_own(self.index) {
                self.poll(job.runnable, job.key);
            } else if let Some(job) = self.search() {
                self.poll(job.runnable, job.key);
            }
        }
    }

    /// Takes two values and not a `Job`, because they stay in registers. A `Job` that is put together
    /// from several places goes through memory, and that takes longer than a lock.
    fn poll(&self, runnable: Runnable, key: Key) {
        if runnable.run().is_ready() {
            self.shared.alive.remove(key);
        }
    }

    /// A job from elsewhere, for which this thread sleeps if it has to; or `None` if the pool ends.
    fn search(&self) -> Option<Job> {
        let Shared { queues, idle, .. } = &*self.shared;
        let mut has_watched = false;
        idle.search();
        loop {
            if self.shared.closed.load(SeqCst) {
                return None;
            }
            let mut found = queues.take_common(self.index);
            found = found.or_else(|| queues.steal(self.index));
            if has_watched {
                found = found.or_else(|| queues.take_overdue(self.index));
            }
            if let Some(job) = found {
                if idle.found() && queues.load() != Load::Nothing {
                    idle.notify();
                }
                return Some(job);
            }
            has_watched = idle.sleep(self.index, || self.look());
        }
    }

    /// The last look before the sleep.
    fn look(&self) -> Look {
        if self.shared.closed.load(SeqCst) {
            return Look::Work;
        }
        match self.shared.queues.load() {
            Load::Nothing => Look::Nothing,
            Load::Next => Look::Watch,
            Load::Queued => Look::Work,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_look_sees_what_has_come() {
        // A worker without a thread: this one is it.
        let shared = Arc::new(Shared::new(2));
        shared.set_worker(Some(0));
        let worker = Worker::new(Arc::clone(&shared), 0);
        assert_eq!(worker.look(), Look::Nothing);
        // The first stands in `next`, the second behind it, for everybody.
        let tasks = [(); 2].map(|()| shared.spawn(async {}));
        assert_eq!(worker.look(), Look::Work);
        let job = shared.queues.steal(1).expect("the second");
        worker.poll(job.runnable, job.key);
        assert_eq!(worker.look(), Look::Watch);
        let job = shared.queues.pop_own(0).expect("the first");
        worker.poll(job.runnable, job.key);
        assert!(tasks.iter().all(crate::JoinHandle::is_finished));
        assert_eq!(worker.look(), Look::Nothing);
        shared.closed.store(true, SeqCst);
        assert_eq!(worker.look(), Look::Work);
        shared.set_worker(None);
    }
}
