// expect: fail starvation
//! Polls again at once where it was woken during the poll: nothing is lost, and a task that yields never lets anybody else run (S3-22 class).

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
    /// Whether it was woken since the last poll began.
    woken: AtomicBool,
    /// Where a wake puts the task.
    queue: Arc<Queue>,
}

impl Executor {
    /// Makes a task of the future, and queues it.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            queued: AtomicBool::new(false),
            woken: AtomicBool::new(false),
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
        // From here on a wake queues the task again, and so is not lost if the poll has looked past
        // what it says. A second thread that comes for the task waits for the lock.
        let mut future = self.future.lock().unwrap();
        loop {
            self.woken.store(false, SeqCst);
            let Some(pending) = future.as_mut() else { break };
            let polled = pending.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() {
                *future = None;
            }
            // Nobody came while it was polled: from here on a wake queues it again.
            self.queued.store(false, SeqCst);
            if !self.woken.load(SeqCst) || self.queued.swap(true, SeqCst) {
                break;
            }
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        if !self.queued.swap(true, SeqCst) {
            let queue = Arc::clone(&self.queue);
            queue.lock().unwrap().push_back(self);
        }
    }
}
