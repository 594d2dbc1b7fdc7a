//! The part of an executor that all threads share: tasks that become ready, or are spawned, elsewhere
//! than on its own thread, and how these wake it.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

use crate::home::{self, Key, Ready, at_home};
use crate::lock::lock;
use crate::polling::Waiting;
use crate::slab::Slab;
use crate::sync::Mutex;
use crate::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed},
};

/// What tasks, spawners and the executor have in common.
pub(crate) struct Shared {
    inbox: Mutex<Inbox>,
    /// Whether there is anything in the inbox's queue: a look that needs no lock. Changed under the
    /// lock; a look that comes too early is made up for before the executor goes to sleep.
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
    /// The tasks that were spawned elsewhere, until they are over.
    alive: Slab<Waiting>,
    /// Whether the executor's thread may sleep until it is woken.
    asleep: bool,
    /// Whether the executor is gone.
    closed: bool,
}

impl Shared {
    /// Without tasks, and with one spawner. The executor may be asleep.
    pub(crate) fn new(unpark: Waker) -> Self {
        let inbox = Inbox {
            queue: VecDeque::new(),
            alive: Slab::new(),
            asleep: true,
            closed: false,
        };
        Self {
            inbox: Mutex::new(inbox),
            mail: AtomicBool::new(false),
            spawners: AtomicUsize::new(1),
            unpark,
        }
    }

    /// What its home knows it by.
    pub(crate) fn address(&self) -> usize {
        (&raw const *self).addr()
    }

    /// A key for a task that is about to be made.
    pub(crate) fn reserve(&self) -> Key {
        let at_home = at_home(self.address(), |home| match home.closed {
            false => Key::reserve(&mut home.alive, true),
            true => Key::NOWHERE,
        });
        at_home.unwrap_or_else(|| {
            let mut inbox = lock(&self.inbox);
            match inbox.closed {
                false => Key::reserve(&mut inbox.alive, false),
                true => Key::NOWHERE,
            }
        })
    }

    /// Queues a task that was woken, or a new one. Drops it if the executor is gone.
    pub(crate) fn push(&self, ready: Ready) {
        if let Some(ready) = home::push(self.address(), ready) {
            self.send(ready);
        }
    }

    /// Puts a task into the inbox, and wakes the executor if that may be asleep.
    fn send(&self, ready: Ready) {
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            drop(inbox);
            return drop(ready);
        }
        inbox.queue.push_back(ready);
        self.mail.store(true, Relaxed);
        let asleep = mem::take(&mut inbox.asleep);
        drop(inbox);
        if asleep {
            self.unpark.wake_by_ref();
        }
    }

    /// The next task to be polled. If there is none, the executor counts as asleep.
    pub(crate) fn next(&self) -> Option<Ready> {
        // The inbox first, whenever there is something in it: it comes behind what is queued
        // already, and before what is still to come.
        if !self.mail.load(Relaxed) {
            let ready = self.pop();
            if ready.is_some() || self.fall_asleep() {
                return ready;
            }
        }
        let mut inbox = lock(&self.inbox);
        at_home(self.address(), |home| home.queue.append(&mut inbox.queue));
        self.mail.store(false, Relaxed);
        drop(inbox);
        self.pop()
    }

    /// The next task that is at home.
    pub(crate) fn pop(&self) -> Option<Ready> {
        at_home(self.address(), |home| home.queue.pop_front())?
    }

    /// Marks the executor as asleep, unless there is something in the inbox.
    pub(crate) fn fall_asleep(&self) -> bool {
        let mut inbox = lock(&self.inbox);
        inbox.asleep = inbox.queue.is_empty();
        inbox.asleep
    }

    /// Keeps a task that waits for the first time.
    pub(crate) fn keep(&self, key: Key, task: Waiting) {
        self.alive(key, |alive| *alive.get_mut(key.place()) = Some(task));
    }

    /// Gives back, to be dropped, what was kept of a task that is over.
    pub(crate) fn forget(&self, key: Key) -> Option<Waiting> {
        self.alive(key, |alive| alive.remove(key.place()))?
    }

    /// Calls `act` with the slab of this key.
    fn alive<R>(&self, key: Key, act: impl FnOnce(&mut Slab<Waiting>) -> R) -> Option<R> {
        match key.is_at_home() {
            true => at_home(self.address(), |home| act(&mut home.alive)),
            false => Some(act(&mut lock(&self.inbox).alive)),
        }
    }

    /// Whether no task that was spawned elsewhere is alive, and none can be spawned any more.
    pub(crate) fn is_done(&self) -> bool {
        // The spawners first: without them there is nobody who could make a task after the look at
        // the tasks. `Acquire` shows the tasks that they made before they went.
        self.spawners.load(Acquire) == 0 && lock(&self.inbox).alive.is_empty()
    }

    /// From here on every task that comes here is dropped. Gives those that are here already, and
    /// all that wait.
    pub(crate) fn close(&self) -> (VecDeque<Ready>, impl Iterator<Item = Waiting> + use<>) {
        let mut inbox = lock(&self.inbox);
        inbox.closed = true;
        (mem::take(&mut inbox.queue), inbox.alive.drain())
    }

    /// Counts a new spawner.
    pub(crate) fn add_spawner(&self) {
        // Nothing hangs on the order: the one that it is made from still counts.
        self.spawners.fetch_add(1, Relaxed);
    }

    /// Counts a spawner less.
    pub(crate) fn remove_spawner(&self) {
        if self.spawners.fetch_sub(1, AcqRel) > 1 {
            return;
        }
        // The executor may be asleep, and wait for nothing else than this.
        let asleep = mem::take(&mut lock(&self.inbox).asleep);
        if asleep {
            self.unpark.wake_by_ref();
        }
    }
}
