// expect: fail panics-when-full
//! `try_send`: the deadlock has become a panic, inside `wake`, in whatever code woke the task (S3-09; rust-lang/async-book
//! #189).

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
        self.queue.try_send(task).expect("too many tasks queued");
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let task = Arc::clone(&self);
        self.queue.try_send(task).expect("too many tasks queued");
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
