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
//! own future. So the executor keeps a waker of each task, too, until the task is done. By their
//! number it knows whether anything is left to be waited for. And when it is dropped, it wakes them
//! all, and drops the [`Runnable`](task::Runnable)s that come, and with these the futures.

use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::task::Waker;

use crate::enter::enter;
use crate::home::{self, Home, Key, Ready, Stay, here, small};
use crate::lock::lock;
use crate::slab::Slab;
use crate::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed},
};
use crate::sync::{Arc, Mutex};
use crate::task;
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

struct Shared {
    inbox: Mutex<Inbox>,
    /// Whether there is anything in the inbox's queue: a look that needs no lock. Changed under the
    /// lock; a look that comes too early comes again before the executor goes to sleep.
    mail: AtomicBool,
    /// How many spawners are left.
    spawners: AtomicUsize,
    /// Wakes the executor's thread.
    unpark: Waker,
}

/// Never locked while a task is run or dropped, or a waker woken or dropped.
struct Inbox {
    /// The tasks that became ready elsewhere.
    queue: VecDeque<Ready>,
    /// The tasks that were spawned elsewhere, until they are done.
    alive: Slab<Waker>,
    /// Whether the executor's thread may sleep until it is woken.
    asleep: bool,
    /// Whether the executor is gone.
    closed: bool,
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
        let inbox = Inbox {
            queue: VecDeque::new(),
            alive: Slab::new(),
            asleep: true,
            closed: false,
        };
        let shared = Arc::new(Shared {
            inbox: Mutex::new(inbox),
            mail: AtomicBool::new(false),
            spawners: AtomicUsize::new(1),
            unpark,
        });
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
        let _stay = Stay::new(&mut self.home);
        for polled in 0..budget {
            let Some(ready) = shared.next() else {
                return polled;
            };
            if ready.runnable.run().is_ready() {
                drop(shared.forget(ready.key));
            }
        }
        budget
    }

    /// Calls `act`, during which wakes and spawns count as the executor's own, as in a task: for a
    /// driver that polls a future of its own beside the tasks.
    pub fn within<R>(&mut self, act: impl FnOnce() -> R) -> R {
        let _stay = Stay::new(&mut self.home);
        act()
    }

    /// Whether a task is ready to be polled. If not, the next that becomes so wakes `unpark`.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        !self.home().queue.is_empty() || !self.shared.fall_asleep()
    }

    /// Whether no task is alive and no spawner is left: nothing can happen here any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        // The spawners first: without them there is nobody who could make a task after the look at
        // the tasks, and `Acquire` shows what they made before they went.
        self.shared.spawners.load(Acquire) == 0
            && self.home().alive.is_empty()
            && lock(&self.shared.inbox).alive.is_empty()
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
        let key = self.shared.next_key();
        let shared = Arc::clone(&self.shared);
        let (runnable, handle) =
            task::spawn(future, move |runnable| shared.push(Ready { key, runnable }));
        self.shared.start(Ready { key, runnable });
        handle
    }
}

impl Shared {
    fn address(&self) -> usize {
        (&raw const *self).addr()
    }

    /// The next task to be polled. On the executor's own thread.
    fn next(&self) -> Option<Ready> {
        let pop = || here(self.address(), |home| home.queue.pop_front()).flatten();
        if !self.mail.load(Relaxed) {
            let ready = pop();
            if ready.is_some() || self.fall_asleep() {
                return ready;
            }
        }
        let mut inbox = lock(&self.inbox);
        here(self.address(), |home| home.queue.append(&mut inbox.queue));
        self.mail.store(false, Relaxed);
        drop(inbox);
        pop()
    }

    /// Marks the executor as asleep, unless there is something in the inbox.
    fn fall_asleep(&self) -> bool {
        let mut inbox = lock(&self.inbox);
        inbox.asleep = inbox.queue.is_empty();
        inbox.asleep
    }

    /// Queues a task that was woken.
    fn push(&self, ready: Ready) {
        if let Some(ready) = home::push(self.address(), ready) {
            self.send(ready, None);
        }
    }

    /// A key for a task that is about to be made.
    fn next_key(&self) -> Key {
        let key = here(self.address(), Home::next_key);
        key.unwrap_or_else(|| lock(&self.inbox).next_key())
    }

    /// Queues a task for the first time, and keeps its waker.
    fn start(&self, ready: Ready) {
        let waker = ready.runnable.waker();
        match ready.key {
            Key::Home(_) => {
                // What it gives back is dropped where the home is not borrowed.
                drop(here(self.address(), |home| home.start(ready, waker)));
            }
            Key::Shared(_) => self.send(ready, Some(waker)),
        }
    }

    /// Puts a task into the inbox, with its waker if it is a new one.
    fn send(&self, ready: Ready, waker: Option<Waker>) {
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            drop(inbox);
            return drop((ready, waker));
        }
        if let (Key::Shared(number), Some(waker)) = (ready.key, waker) {
            *inbox.alive.get_mut(number as usize) = waker;
        }
        inbox.queue.push_back(ready);
        self.mail.store(true, Relaxed);
        let asleep = mem::take(&mut inbox.asleep);
        drop(inbox);
        if asleep {
            self.unpark.wake_by_ref();
        }
    }

    /// Takes the waker of a task that is done.
    fn forget(&self, key: Key) -> Option<Waker> {
        match key {
            Key::Home(number) => here(self.address(), |home| home.alive.remove(number as usize)),
            Key::Shared(number) => Some(lock(&self.inbox).alive.remove(number as usize)),
        }
    }
}

impl Inbox {
    /// A key for a task that is about to be made. Its place is held by a waker of nobody: until
    /// the task is there, others may come for a key.
    fn next_key(&mut self) -> Key {
        if self.closed {
            // It comes too late, and will not be kept.
            return Key::Shared(0);
        }
        Key::Shared(small(self.alive.insert(Waker::noop().clone())))
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // From here on a new task is dropped at once, and so is one that is woken elsewhere. One
        // that is woken on this thread comes home: were it dropped inside the wake, a chain of tasks
        // of which each wakes the next would be dropped in as many nested calls.
        let mut inbox = lock(&self.shared.inbox);
        inbox.closed = true;
        let sent = mem::take(&mut inbox.queue);
        let theirs = inbox.alive.drain();
        drop(inbox);
        let Some(home) = &mut self.home else { return };
        home.closed = true;
        home.queue.extend(sent);
        let ours = home.alive.drain();

        let _stay = Stay::new(&mut self.home);
        let owner = self.shared.address();
        ours.chain(theirs).for_each(Waker::wake);
        while let Some(ready) = here(owner, |home| home.queue.pop_front()).flatten() {
            drop(ready);
        }
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        // Nothing hangs on the order: this one still counts.
        self.shared.spawners.fetch_add(1, Relaxed);
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        if self.shared.spawners.fetch_sub(1, AcqRel) > 1 {
            return;
        }
        // `run` may be asleep, and for nothing else than this.
        let asleep = mem::take(&mut lock(&self.shared.inbox).asleep);
        if asleep {
            self.shared.unpark.wake_by_ref();
        }
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
