// expect: pass
//! A list and a condition variable. Who sends is counted by hand: spawners and tasks.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Takes tasks out of the queue, and polls them.
pub struct Executor {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Arc<Task>>,
    senders: usize,
}

/// One who may queue tasks.
struct Sender(Arc<Queue>);

impl Clone for Sender {
    fn clone(&self) -> Self {
        self.0.state.lock().unwrap().senders += 1;
        Sender(Arc::clone(&self.0))
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().senders -= 1;
        self.0.changed.notify_one();
    }
}

/// Makes tasks, and puts them into the queue.
#[derive(Clone)]
pub struct Spawner {
    queue: Sender,
}

/// A future, and the way back into the queue.
struct Task {
    /// `None` when it is done.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// Whether it lies in the queue: that bounds the queue by the number of tasks.
    queued: AtomicBool,
    /// Where the task goes when it is woken.
    queue: Sender,
}

/// An executor, and the spawner of its tasks.
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let queue = Arc::new(Queue {
        state: Mutex::default(),
        changed: Condvar::new(),
    });
    queue.state.lock().unwrap().senders = 1;
    let spawner = Spawner {
        queue: Sender(Arc::clone(&queue)),
    };
    (Executor { queue }, spawner)
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            queued: AtomicBool::new(false),
            queue: self.queue.clone(),
        });
        task.wake();
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, SeqCst) {
            let task = Arc::clone(&self);
            self.queue.0.state.lock().unwrap().ready.push_back(task);
            self.queue.0.changed.notify_one();
        }
    }
}

impl Executor {
    /// Runs until nobody can send a task any more: no spawner is left, no task is queued, and no waker of
    /// one is anywhere.
    pub fn run(&self) {
        while let Some(task) = self.next() {
            let waker = Waker::from(Arc::clone(&task));
            let mut slot = task.future.lock().unwrap();
            // Before the poll: a wake in it is a new one.
            task.queued.store(false, SeqCst);
            if let Some(future) = slot.as_mut()
                && let Poll::Ready(()) = future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                *slot = None;
            }
        }
    }

    fn next(&self) -> Option<Arc<Task>> {
        let mut state = self.queue.state.lock().unwrap();
        loop {
            if let Some(task) = state.ready.pop_front() {
                return Some(task);
            }
            if state.senders == 0 {
                return None;
            }
            state = self.queue.changed.wait(state).unwrap();
        }
    }
}
