//! # Full queue: an executor that waits for itself
//!
//! This is the executor of a well-known book, shortened. A bounded channel is its queue: whoever sends a task
//! while the queue is full waits until the executor has taken one out. Mostly that goes well. But who sends?
//! Spawners do, before the executor runs; and so does each task that wakes another one, in its poll, on the
//! executor's own thread. Then it waits for itself. Mend it.
//!
//! What is checked:
//!
//! 1. Any number of tasks can be spawned before `run`, and `spawn` returns.
//! 2. A task may wake any number of others in its poll, and itself.
//! 3. No wake is lost, and none panics.
//! 4. `run` still returns when every spawner is gone and the tasks are done, and sleeps while they wait.
//!
//! Settled: a task that is woken several times before it is polled may lie in the queue as often; that passes with a
//! remark, because a queue without a bound should have another one: a place for each task. How to get rid of
//! a task whose waker is lost, and of one that keeps its own, is the business of `run`.
//!
//! Read first: README.md, "The queue that filled itself". About 15 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise full_queue`. Stuck: `cargo xtask hint full_queue`.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// How many tasks the queue has room for.
const MAX_QUEUED_TASKS: usize = 100;

/// Takes tasks out of the queue, and polls them.
pub struct Executor {
    ready: Receiver<Arc<Task>>,
}

/// Makes tasks, and puts them into the queue.
#[derive(Clone)]
pub struct Spawner {
    queue: SyncSender<Arc<Task>>,
}

/// A future, and the way back into the queue.
struct Task {
    /// `None` when it is done.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// Where the task goes when it is woken.
    queue: SyncSender<Arc<Task>>,
}

/// An executor, and the spawner of its tasks.
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let (queue, ready) = sync_channel(MAX_QUEUED_TASKS);
    (Executor { ready }, Spawner { queue })
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            queue: self.queue.clone(),
        });
        self.queue.send(task).expect("too many tasks queued");
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let task = Arc::clone(&self);
        // Nobody to receive it: the executor is gone.
        let _ = self.queue.send(task);
    }
}

impl Executor {
    /// Runs until nobody can send a task any more: no spawner is left, no task is queued, and no waker of
    /// one is anywhere.
    pub fn run(&self) {
        while let Ok(task) = self.ready.recv() {
            let waker = Waker::from(Arc::clone(&task));
            let mut slot = task.future.lock().unwrap();
            if let Some(future) = slot.as_mut()
                && let Poll::Ready(()) = future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                *slot = None;
            }
        }
    }
}
