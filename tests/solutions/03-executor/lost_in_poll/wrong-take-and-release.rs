// expect: fail second-worker
//! Clears the flag in time, and takes the future out for the poll: a second thread that comes for the task finds nothing, and takes
//! the wake with it (S3-06).

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};

#[derive(Default)]
pub struct Executor {
    queue: Arc<Queue>,
}

type Queue = Mutex<VecDeque<Arc<Task>>>;

struct Task {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    queued: AtomicBool,
    queue: Arc<Queue>,
}

impl Executor {
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            queued: AtomicBool::new(false),
            queue: Arc::clone(&self.queue),
        });
        task.wake();
    }

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
    fn run(self: Arc<Self>) {
        let waker = Waker::from(Arc::clone(&self));
        self.queued.store(false, SeqCst);
        let future = self.future.lock().unwrap().take();
        if let Some(mut pending) = future {
            let polled = pending.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_pending() {
                *self.future.lock().unwrap() = Some(pending);
            }
        }
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
