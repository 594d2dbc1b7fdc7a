// expect: pass
//! Says what the task is at: a wake during the run is noted, and the run queues the task when it is over.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use crate::sync::Mutex;

#[derive(Default)]
pub struct Executor {
    queue: Arc<Queue>,
}

type Queue = Mutex<VecDeque<Arc<Task>>>;

struct Task {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    state: Mutex<u8>,
    queue: Arc<Queue>,
}

const IDLE: u8 = 0;
const QUEUED: u8 = 1;
const RUNNING: u8 = 2;
// Woken while it ran.
const AGAIN: u8 = 3;

impl Executor {
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            state: Mutex::new(IDLE),
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
        *self.state.lock().unwrap() = RUNNING;
        let mut future = self.future.lock().unwrap();
        if let Some(pending) = future.as_mut() {
            let polled = pending.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() {
                *future = None;
            }
        }
        drop(future);
        let mut state = self.state.lock().unwrap();
        let again = *state == AGAIN;
        *state = if again { QUEUED } else { IDLE };
        drop(state);
        if again {
            let queue = Arc::clone(&self.queue);
            queue.lock().unwrap().push_back(self);
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let mut state = self.state.lock().unwrap();
        let idle = *state == IDLE;
        *state = match *state {
            IDLE | QUEUED => QUEUED,
            _ => AGAIN,
        };
        drop(state);
        if idle {
            let queue = Arc::clone(&self.queue);
            queue.lock().unwrap().push_back(self);
        }
    }
}
