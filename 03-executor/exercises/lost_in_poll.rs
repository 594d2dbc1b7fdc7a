//! # Lost in the poll: a task that was woken, and is never polled again
//!
//! This executor keeps a flag for each task, so that three wakes before its turn put it into the queue once. It
//! runs timers and sockets well enough. Then a task yields: it wakes itself while it is being polled,
//! and nobody ever hears of it again. Repair it.
//!
//! What is checked:
//!
//! 1. As before: a task is polled when it was woken, and not otherwise. Several wakes before its turn are one
//!    poll, also if they come at the same time.
//! 2. A wake *during* the poll leads to another poll, whether the task wakes itself or another thread does.
//!    Several such wakes are one more poll, too. It comes in its turn: behind the tasks that are queued by then.
//! 3. That holds at every moment of the run, from the first line to the last.
//! 4. A task that is done is never polled again, also if it was woken in its last poll.
//! 5. As before: several threads may call `turn` at once. None of them loses a wake because another one is
//!    at the task just now.
//!
//! Settled: a task that is woken during its poll may be queued at once, or when the poll is over. Take `Mutex`
//! and the atomics from `crate::sync`: they are those of std, and the check comes exactly between two steps.
//!
//! Read first: README.md, "Queued once". Do `task` before this, or after it. About 15 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise lost_in_poll`. Stuck: `cargo xtask hint lost_in_poll`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Runs tasks on the threads that call [`turn`](Executor::turn).
#[derive(Default)]
pub struct Executor {
    /// The tasks that are to be polled.
    queue: Arc<Queue>,
}

type Queue = Mutex<VecDeque<Arc<Task>>>;

struct Task {
    /// `None` when it is done. Locked while it is polled: a second thread waits here.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// Whether the task is in the queue.
    queued: AtomicBool,
    /// Where a wake puts the task.
    queue: Arc<Queue>,
}

impl Executor {
    /// Makes a task of the future, and queues it.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            queued: AtomicBool::new(false),
            queue: Arc::clone(&self.queue),
        });
        task.wake();
    }

    /// Polls the tasks that are in the queue by now, and says how many there were.
    pub fn turn(&self) -> usize {
        let ready = self.queue.lock().unwrap().len();
        for polled in 0..ready {
            let next = self.queue.lock().unwrap().pop_front();
            let Some(task) = next else { return polled };
            task.run();
        }
        ready
    }
}

impl Task {
    /// Polls the task once.
    fn run(self: Arc<Self>) {
        let waker = Waker::from(Arc::clone(&self));
        let mut future = self.future.lock().unwrap();
        if let Some(pending) = future.as_mut() {
            let polled = pending.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() {
                *future = None;
            }
        }
        drop(future);
        self.queued.store(false, SeqCst);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, SeqCst) {
            let queue = Arc::clone(&self.queue);
            queue.lock().unwrap().push_back(self);
        }
    }
}
