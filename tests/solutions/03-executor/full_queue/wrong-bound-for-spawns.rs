// expect: fail full-queue
//! Wakes go through a channel without a bound. A spawn waits for room, so that nobody makes too many tasks: before `run`, and in a task,
//! nobody takes one out (S3-09).

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, MutexGuard};
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
    room: Arc<Room>,
}

/// How many tasks there may be that were never polled.
const MOST_NEW_TASKS: usize = 100;

#[derive(Default)]
struct Room {
    new: Mutex<usize>,
    changed: Condvar,
}

impl Room {
    fn new(&self) -> MutexGuard<'_, usize> {
        self.new.lock().unwrap()
    }
}

/// A future, and the way back into the queue.
struct Task {
    /// `None` when it is done.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// Whether it lies in the queue: that bounds the queue by the number of tasks.
    queued: AtomicBool,
    /// Where the task goes when it is woken.
    queue: Sender<Arc<Task>>,
    /// Whether it takes up room: it was never polled.
    new: AtomicBool,
    room: Arc<Room>,
}

/// An executor, and the spawner of its tasks.
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let (queue, ready) = channel();
    let room = Arc::default();
    (Executor { ready }, Spawner { queue, room })
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let mut new = self.room.new();
        while *new == MOST_NEW_TASKS {
            new = self.room.changed.wait(new).unwrap();
        }
        *new += 1;
        drop(new);
        let task = Arc::new(Task {
            new: AtomicBool::new(true),
            room: Arc::clone(&self.room),
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
            if task.new.swap(false, SeqCst) {
                *task.room.new() -= 1;
                task.room.changed.notify_one();
            }
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
}
