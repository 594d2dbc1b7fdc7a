//! The executor: two queues, of which one needs no lock, and a register of the tasks alive.
//!
//! # Two queues
//!
//! Most wakes and spawns come from the executor's own thread, out of the tasks that it polls. They
//! go to its *home*, which no other thread can reach. What comes from elsewhere goes to the *inbox*,
//! under a lock, and from there to the end of the home's queue before the next task is polled. So
//! tasks run in the order in which they became ready, and neither kind starves the other.
//!
//! # When the thread is woken
//!
//! `unpark` may be a call of the operating system, so it is woken only if the thread may be asleep:
//! whoever puts something into the inbox finds out by `asleep`, under the same lock. The executor
//! sets `asleep` when it has looked into the inbox and found nothing, that is, before its driver can
//! possibly go to sleep. A task that comes before that is found by the look; one that comes after it
//! finds `asleep` set, and wakes.
//!
//! # When all is over
//!
//! A task that waits is known to nobody but its wakers, and these may be anywhere, even inside its
//! own future. So the executor keeps a reference to each task, too, until the task is done. By their
//! number it knows whether anything is left to be waited for. And when it is dropped, it wakes them
//! all, and drops the [`Runnable`](crate::task::Runnable)s that come, and with these the futures.

use std::fmt;
use std::task::Waker;

use crate::enter::enter;
use crate::home::{Home, Ready, stay};
use crate::inbox::Shared;
use crate::polling::{Polled, Waiting, poll, spawn_with};
use crate::sync::Arc;
use crate::{JoinHandle, Parker};

/// An executor that sleeps on a [`Parker`] of its own, and the spawner of its tasks.
///
/// ```
/// let (mut executor, spawner) = executor::new_executor_and_spawner();
/// let handle = spawner.spawn(async { 42 });
/// drop(spawner);
/// executor.run();
/// assert!(handle.is_finished());
/// ```
#[must_use]
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let parker = Parker::new();
    let (mut executor, spawner) = Executor::new(parker.waker());
    executor.parker = Some(parker);
    (executor, spawner)
}

/// Runs tasks on the thread that calls it.
///
/// It may be moved from one thread to another between two calls. Dropped, it drops every task that
/// is not done, and their handles get `Cancelled`.
pub struct Executor {
    /// What other threads know of it.
    shared: Arc<Shared>,
    /// What only its own thread knows. In the thread-local variable while it runs.
    home: Option<Home>,
    /// What `run` sleeps on. `None` if somebody else drives this executor.
    parker: Option<Parker>,
}

/// Hands tasks to an executor, from any thread.
pub struct Spawner {
    shared: Arc<Shared>,
}

impl Executor {
    /// An executor whose thread is made to look at the queue again by waking `unpark`: it is woken
    /// when a task becomes ready, or the last spawner goes, while the executor may be asleep.
    ///
    /// It counts as awake after a [`turn`](Self::turn) that used up its budget, until
    /// [`has_ready`](Self::has_ready) says no. So its driver may sleep after a `turn` that polled
    /// fewer than it might, or after that no.
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let shared = Arc::new(Shared::new(unpark));
        let executor = Executor {
            home: Some(Home::new(shared.address())),
            shared: Arc::clone(&shared),
            parker: None,
        };
        (executor, Spawner { shared })
    }

    /// Polls tasks that are ready, at most `budget`, and returns how many were polled.
    ///
    /// Tasks are polled in the order in which they became ready. One that is woken by its own poll
    /// is ready when that poll is over.
    pub fn turn(&mut self, budget: usize) -> usize {
        let shared = &self.shared;
        stay(&mut self.home, || {
            for polled in 0..budget {
                let Some(Ready { runnable, key }) = shared.next() else {
                    return polled;
                };
                match poll(runnable) {
                    Polled::Over => drop(shared.forget(key)),
                    Polled::Waits(task) if key.is_new() => shared.keep(key, task),
                    Polled::Waits(_) => {}
                    Polled::Again(runnable) => shared.push(Ready { runnable, key }),
                }
            }
            budget
        })
    }

    /// Calls `act`, during which wakes and spawns count as the executor's own, as in a task: for a
    /// driver that polls a future of its own beside the tasks.
    pub(crate) fn within<R>(&mut self, act: impl FnOnce() -> R) -> R {
        stay(&mut self.home, act)
    }

    /// Whether a task is ready to be polled. If not, the next that becomes so wakes `unpark`.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        !self.home().queue.is_empty() || !self.shared.fall_asleep()
    }

    /// Whether no task is alive and no spawner is left: nothing can happen here any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.home().alive.is_empty() && self.shared.is_done()
    }

    /// Runs until [`is_done`](Self::is_done), asleep when nothing is ready.
    ///
    /// # Panics
    ///
    /// If this thread is inside an executor already, or if the executor was made by
    /// [`new`](Self::new): it does not know then how to sleep.
    pub fn run(&mut self) {
        let _entered = enter("run");
        loop {
            self.turn(usize::MAX);
            if self.is_done() {
                return;
            }
            let parker = self.parker.as_ref();
            parker.expect("made by `new_executor_and_spawner`").park();
        }
    }

    fn home(&self) -> &Home {
        let home = self.home.as_ref();
        home.expect("`turn` and `within` borrow the executor mutably")
    }
}

impl Spawner {
    /// Makes a task of the future, and queues it.
    ///
    /// If the executor is gone, the future is dropped, and the handle gets `Cancelled`.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let key = self.shared.reserve();
        let shared = Arc::clone(&self.shared);
        let schedule = move |runnable, key| shared.push(Ready { runnable, key });
        let (runnable, handle) = spawn_with(future, key.not_new(), schedule);
        self.shared.push(Ready { runnable, key });
        handle
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // From here on a new task is dropped at once, and so is one that is woken elsewhere. One
        // that is woken on this thread comes home: were it dropped inside the wake, a chain of tasks
        // of which each wakes the next would be dropped in as many nested calls.
        let (sent, theirs) = self.shared.close();
        let Some(home) = &mut self.home else { return };
        home.closed = true;
        home.queue.extend(sent);
        let ours = home.alive.drain();
        stay(&mut self.home, || {
            ours.chain(theirs).for_each(Waiting::wake);
            while let Some(ready) = self.shared.pop() {
                drop(ready);
            }
        });
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        self.shared.add_spawner();
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        self.shared.remove_spawner();
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}
