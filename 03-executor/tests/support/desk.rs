//! The queue that a task is scheduled on, in the grader's hand: nothing runs unless the grader says so.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
};

use course::Recorder;

use crate::{rules::lock, task::Runnable};

/// A queue for the `Runnable`s of one task. Clones are of the same one.
#[derive(Clone)]
pub struct Desk {
    shared: Arc<Shared>,
}

struct Shared {
    recorder: Recorder,
    queue: Mutex<VecDeque<Runnable>>,
    scheduled: AtomicUsize,
    /// How many closures of this desk are alive: a task has one until it is freed.
    closures: Arc<()>,
}

impl Desk {
    pub fn new(recorder: &Recorder) -> Self {
        Desk {
            shared: Arc::new(Shared {
                recorder: recorder.clone(),
                queue: Mutex::default(),
                scheduled: AtomicUsize::new(0),
                closures: Arc::new(()),
            }),
        }
    }

    /// What a task is given to call when it wants to run.
    ///
    /// Fails with `queued-twice` if it is called while a `Runnable` lies here.
    pub fn schedule(&self) -> impl Fn(Runnable) + Send + Sync + use<> {
        let (desk, alive) = (self.clone(), Arc::clone(&self.shared.closures));
        move |runnable| {
            // Owned by the closure, so that it is counted.
            let _ = &alive;
            desk.put(runnable);
        }
    }

    /// Queues a `Runnable`.
    pub fn put(&self, runnable: Runnable) {
        let Shared {
            recorder, queue, ..
        } = &*self.shared;
        self.shared.scheduled.fetch_add(1, SeqCst);
        recorder.note("it is queued");
        let waiting = {
            let mut queue = lock(queue);
            queue.push_back(runnable);
            queue.len()
        };
        if waiting > 1 {
            recorder.fail(
                "queued-twice",
                format!("`schedule` was called again before the task was run: it is in the queue {waiting} times"),
            );
        }
    }

    /// How often the task has been scheduled.
    pub fn scheduled(&self) -> usize {
        self.shared.scheduled.load(SeqCst)
    }

    /// How often the task is queued at the moment.
    pub fn len(&self) -> usize {
        lock(&self.shared.queue).len()
    }

    pub fn take(&self) -> Option<Runnable> {
        lock(&self.shared.queue).pop_front()
    }

    /// How many tasks with a closure of this desk have not been freed.
    pub fn tasks_alive(&self) -> usize {
        Arc::strong_count(&self.shared.closures) - 1
    }

    /// Runs what is queued. `None` if nothing is.
    pub fn run(&self) -> Option<Poll<()>> {
        let runnable = self.take()?;
        self.shared.recorder.note("run");
        let poll = runnable.run();
        let over = poll.is_ready();
        (self.shared.recorder).note(if over { "it is over" } else { "it waits" });
        Some(poll)
    }

    /// The rule that the task has been queued because `reason`, and nothing else has happened to it.
    ///
    /// Fails with `lost-wakeup`.
    pub fn must_be_queued(&self, reason: &str) {
        if self.len() == 0 {
            self.shared.recorder.fail(
                "lost-wakeup",
                format!("`schedule` was not called, although {reason}"),
            );
        }
    }

    /// The rule that nothing is queued while nothing happens.
    ///
    /// Fails with `busy-wake`.
    pub fn must_be_empty(&self, reason: &str) {
        if self.len() > 0 {
            self.shared.recorder.fail(
                "queued-unwoken",
                format!("`schedule` was called although {reason}"),
            );
        }
    }
}
