// expect: pass
//! Clears the flag where the task leaves the queue.

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
            task.queued.store(false, SeqCst);
            task.run();
        }
        ready
    }
}

impl Task {
    fn run(self: Arc<Self>) {
        let waker = Waker::from(Arc::clone(&self));
        let mut future = self.future.lock().unwrap();
        if let Some(pending) = future.as_mut() {
            let polled = pending.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() {
                *future = None;
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
