// expect: fail lost-in-poll
//! A place for each task, given back when the poll is over: who was woken during the poll is forgotten (S3-05).

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Takes tasks out of the queue, and polls them.
pub struct Executor {
    ready: Receiver<Arc<Task>>,
}

/// Makes tasks, and puts them into the queue.
#[derive(Clone)]
pub struct Spawner {
    queue: Sender<Arc<Task>>,
}

/// A future, and the way back into the queue.
struct Task {
    /// `None` when it is done.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// Whether it lies in the queue: that bounds the queue by the number of tasks.
    queued: AtomicBool,
    /// Where the task goes when it is woken.
    queue: Sender<Arc<Task>>,
}

/// An executor, and the spawner of its tasks.
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let (queue, ready) = channel();
    (Executor { ready }, Spawner { queue })
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
            // Nobody to receive it: the executor is gone.
            let _ = self.queue.send(task);
        }
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
            task.queued.store(false, SeqCst);
        }
    }
}
