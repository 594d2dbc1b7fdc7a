//! The executor of *Asynchronous Programming in Rust*: tasks that go round through a channel.
//!
//! A task is a future in a mutex. Its waker sends the task into a channel, and the executor polls
//! what comes out of it. The whole idea of an executor is here, and it is a good one to begin with.
//! Five things differ from the published text; each was a fault that a program can run into.
//!
//! 1. The channel has no bound. With one, `send` *blocks* when the channel is full. An executor that
//!    wakes more tasks than fit, from its own thread, waits for itself to make room.
//! 2. A task knows whether it stands in the channel (`queued`). Otherwise three wakes are three
//!    polls. The flag is cleared before the poll, not after it: a wake during the poll counts.
//! 3. The executor has a list of the tasks that are alive. In the text, `run` returns when the last
//!    sender is gone, and the senders lie in the tasks: one whose waker was dropped vanishes without
//!    a word; one that keeps its own waker keeps itself, and the channel, for ever.
//! 4. A panic in a task ends the task. In the text it ends `run`, and all others with it.
//! 5. A task that is over is never polled again and drops its sender, however many wakers are left.
//!
//! What is left is why this is not *the* executor of this crate: a task has no handle, so nobody
//! gets its output or its panic, or can stop it; it takes two allocations and three locks; and the
//! thread that waits in the channel can wait for nothing else, such as sockets.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Context;

use waker_timer::{ArcWake, waker};

use crate::enter::enter;
use crate::lock::lock;
use crate::slab::Slab;

/// An executor, and the spawner of its tasks.
///
/// ```
/// use std::time::Duration;
/// use executor::book_executor::new_executor_and_spawner;
/// use waker_timer::TimerFuture;
///
/// let (executor, spawner) = new_executor_and_spawner();
/// spawner.spawn(async {
///     println!("howdy!");
///     TimerFuture::new(Duration::from_millis(5)).await;
///     println!("done!");
/// });
/// drop(spawner);
/// executor.run();
/// ```
#[must_use]
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let (task_sender, ready_queue) = channel();
    let alive = Arc::new(Mutex::new(Some(Slab::new())));
    let executor = Executor {
        ready_queue,
        alive: Arc::clone(&alive),
    };
    (executor, Spawner { task_sender, alive })
}

/// Receives tasks that are ready, and polls them.
#[derive(Debug)]
pub struct Executor {
    /// What was spawned, and what was woken.
    ready_queue: Receiver<Arc<Task>>,
    /// The tasks that are not over. `None` when the executor is gone.
    alive: Arc<Mutex<Option<Slab<Arc<Task>>>>>,
}

/// Makes tasks, and sends them to the executor for the first time.
#[derive(Clone, Debug)]
pub struct Spawner {
    task_sender: Sender<Arc<Task>>,
    alive: Arc<Mutex<Option<Slab<Arc<Task>>>>>,
}

/// A future that can send itself to its executor.
pub struct Task {
    /// The future until it is over. Only the executor locks this, to poll or to drop.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    /// The way into the channel, until the future is over: a waker that outlives its task must not
    /// keep the channel open.
    task_sender: Mutex<Option<Sender<Arc<Task>>>>,
    /// Whether the task stands in the channel.
    queued: AtomicBool,
    /// Its place in the list of those that are alive.
    number: u32,
}

impl Spawner {
    /// Makes a task of the future and queues it. When the executor is gone, it is dropped at once.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let mut alive = lock(&self.alive);
        let Some(list) = &mut *alive else {
            return;
        };
        let task = Arc::new(Task {
            future: Mutex::new(Some(Box::pin(future))),
            task_sender: Mutex::new(Some(self.task_sender.clone())),
            queued: AtomicBool::new(true),
            number: list.next(),
        });
        list.insert(Arc::clone(&task));
        drop(alive);
        // An error says that the executor has gone meanwhile. Then it has found the task in the list.
        let _ = self.task_sender.send(task);
    }
}

impl Executor {
    /// Runs until no task is alive and no spawner is left.
    pub fn run(&self) {
        let _entered = enter("run");
        // The senders are those of the spawners and of the tasks that are alive.
        while let Ok(task) = self.ready_queue.recv() {
            // Before the poll: a wake from now on asks for one more.
            task.queued.store(false, SeqCst);
            if task.poll() {
                task.end(&self.alive);
            }
        }
    }
}

impl Task {
    /// Polls the future once, if it is not over. Says whether it is over now.
    fn poll(self: &Arc<Self>) -> bool {
        let mut slot = lock(&self.future);
        let Some(future) = slot.as_mut() else {
            return false;
        };
        let waker = waker(Arc::clone(self));
        let mut context = Context::from_waker(&waker);
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        !polled.is_ok_and(|polled| polled.is_pending())
    }

    /// Drops the future, and strikes the task off the list.
    fn end(&self, alive: &Mutex<Option<Slab<Arc<Task>>>>) {
        let listed = (lock(alive).as_mut()).and_then(|list| list.remove(self.number));
        self.clear();
        drop(listed);
    }

    /// Drops what the task owns, each thing after its lock is released: a future may own anything.
    fn clear(&self) {
        let future = lock(&self.future).take();
        let sender = lock(&self.task_sender).take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
        drop(sender);
    }
}

impl ArcWake for Task {
    fn wake_by_ref(arc_self: &Arc<Self>) {
        if arc_self.queued.swap(true, SeqCst) {
            return;
        }
        let sender = lock(&arc_self.task_sender);
        if let Some(sender) = &*sender {
            // An error says that the executor is gone. Then nobody polls any more.
            let _ = sender.send(Arc::clone(arc_self));
        }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let alive = lock(&self.alive).take();
        for task in alive.into_iter().flat_map(|mut list| list.drain()) {
            task.clear();
        }
    }
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Task").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::sync::atomic::AtomicUsize;
    use std::task::{Poll, Waker};

    use super::*;
    use crate::yield_now;

    fn run(spawn: impl FnOnce(&Spawner)) {
        let (executor, spawner) = new_executor_and_spawner();
        spawn(&spawner);
        drop(spawner);
        executor.run();
    }

    #[test]
    fn more_tasks_than_any_bound_may_be_woken_at_once() {
        let polls = Arc::new(AtomicUsize::new(0));
        let ours = Arc::clone(&polls);
        run(|spawner| {
            for _ in 0..20_000 {
                let polls = Arc::clone(&ours);
                spawner.spawn(async move {
                    yield_now().await;
                    polls.fetch_add(1, SeqCst);
                });
            }
        });
        assert_eq!(polls.load(SeqCst), 20_000);
    }

    #[test]
    fn three_wakes_are_one_poll_and_a_wake_during_the_poll_counts() {
        let polls = Arc::new(AtomicUsize::new(0));
        let ours = Arc::clone(&polls);
        run(|spawner| {
            spawner.spawn(poll_fn(move |cx| {
                let polls = ours.fetch_add(1, SeqCst) + 1;
                (0..3).for_each(|_| cx.waker().wake_by_ref());
                if polls < 3 {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            }));
        });
        assert_eq!(polls.load(SeqCst), 3);
    }

    #[test]
    fn a_waker_that_outlives_its_task_keeps_nobody_waiting() {
        let kept = Arc::new(Mutex::new(None));
        let ours = Arc::clone(&kept);
        run(|spawner| {
            spawner.spawn(poll_fn(move |cx| {
                *ours.lock().unwrap() = Some(cx.waker().clone());
                Poll::Ready(())
            }));
        });
        let waker: Option<Waker> = kept.lock().unwrap().take();
        waker.expect("stored in the poll").wake();
    }

    #[test]
    fn a_panic_takes_nobody_else_along() {
        let done = Arc::new(AtomicBool::new(false));
        let ours = Arc::clone(&done);
        run(|spawner| {
            spawner.spawn(async { panic!("on purpose: a task that fails") });
            spawner.spawn(async move { ours.store(true, SeqCst) });
        });
        assert!(done.load(SeqCst));
    }

    #[test]
    fn dropping_the_executor_drops_a_task_that_keeps_its_own_waker() {
        let (executor, spawner) = new_executor_and_spawner();
        let owned = Arc::new(());
        let ours = Arc::clone(&owned);
        spawner.spawn(async move {
            let mut own = None;
            poll_fn(|cx| {
                own = Some(cx.waker().clone());
                Poll::Ready(())
            })
            .await;
            pending::<()>().await;
            drop((own, ours));
        });
        let task = executor.ready_queue.recv().unwrap();
        assert!(!task.poll());
        drop(task);
        drop(executor);
        assert_eq!(Arc::strong_count(&owned), 1);
        // Spawned too late, and dropped at once.
        let late = Arc::clone(&owned);
        spawner.spawn(async move { drop(late) });
        assert_eq!(Arc::strong_count(&owned), 1);
    }
}
