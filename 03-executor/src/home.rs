//! The part of an executor that only its own thread touches: no lock, no atomic step.
//!
//! While an executor runs, its home lies in a thread-local variable. There a wake finds it, which
//! may come from anywhere in a task's poll, and sees whether it is on the thread of its own
//! executor. Between two runs the home lies in the executor, and moves with it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::mem::{self, ManuallyDrop};

use crate::polling::Waiting;
use crate::slab::Slab;
use crate::task::Runnable;

/// What an executor keeps for its own thread.
pub(crate) struct Home {
    /// Tells the homes of a thread's executors apart: an address that its executor keeps alive.
    owner: usize,
    /// The tasks that are ready, in the order in which they became so.
    pub(crate) queue: VecDeque<Ready>,
    /// The tasks that were spawned on this thread, until they are over.
    pub(crate) alive: Slab<Waiting>,
    /// Whether the executor is being dropped: wakes still come here, new tasks do not.
    pub(crate) closed: bool,
}

/// A task that is ready to be polled.
pub(crate) struct Ready {
    pub(crate) runnable: Runnable,
    pub(crate) key: Key,
}

/// Where the executor keeps a task that waits: the place in a slab, and two flags.
///
/// It lies in each task and in the queues, and so is as small as can be. It is also one number
/// because three fields of it, written one by one and then copied as a whole, made a spawn and a
/// wake wait for the processor: a fifth of their time.
#[derive(Clone, Copy)]
pub(crate) struct Key(u32);

/// The slab is the home's, as the task was spawned on the executor's thread. What was spawned
/// elsewhere is in the one under the lock.
const AT_HOME: u32 = 1 << 31;
/// The place is still empty: until its first poll is over, a task is in the queue or polled, so it
/// can be found there.
const NEW: u32 = 1 << 30;

/// Where a thread keeps the home of the executor that it runs, of the innermost if there are several.
struct Here(RefCell<ManuallyDrop<Option<Home>>>);

thread_local! {
    /// Without a `Drop`: nothing is in it when no executor runs, and so each access is spared the
    /// question whether the variable still exists.
    static HERE: Here = const { Here(RefCell::new(ManuallyDrop::new(None))) };
}

impl Home {
    /// Without tasks.
    pub(crate) fn new(owner: usize) -> Self {
        Self {
            owner,
            queue: VecDeque::new(),
            alive: Slab::new(),
            closed: false,
        }
    }
}

impl Key {
    /// For a task that comes too late to have a place: it is dropped at once.
    pub(crate) const NOWHERE: Self = Self(NEW);

    /// Takes a place for a task that is about to be made: it is made with its key in it.
    pub(crate) fn reserve(alive: &mut Slab<Waiting>, at_home: bool) -> Self {
        let place = alive.reserve();
        assert!(place < NEW, "a billion tasks at once");
        Self(place | NEW | if at_home { AT_HOME } else { 0 })
    }

    /// The key of the same task once it has waited.
    pub(crate) fn not_new(self) -> Self {
        Self(self.0 & !NEW)
    }

    pub(crate) fn is_new(self) -> bool {
        self.0 & NEW != 0
    }

    pub(crate) fn is_at_home(self) -> bool {
        self.0 & AT_HOME != 0
    }

    /// The place in the slab.
    pub(crate) fn place(self) -> u32 {
        self.0 & !(AT_HOME | NEW)
    }
}

/// Calls `act` while `home` lies in the thread-local variable.
pub(crate) fn stay<R>(home: &mut Option<Home>, act: impl FnOnce() -> R) -> R {
    swap(home);
    let _stay = Stay { home };
    act()
}

/// Brings a home back to its executor, also if a task of somebody else's making panics.
struct Stay<'a> {
    /// Meanwhile: the home of the executor in whose task this one runs, if in any.
    home: &'a mut Option<Home>,
}

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        swap(self.home);
    }
}

fn swap(home: &mut Option<Home>) {
    HERE.with(|here| mem::swap(&mut **here.0.borrow_mut(), home));
}

/// Calls `act` with the home of this executor, if that runs on this thread.
///
/// `act` runs and drops neither tasks nor wakers: they may come back here.
pub(crate) fn at_home<R>(owner: usize, act: impl FnOnce(&mut Home) -> R) -> Option<R> {
    HERE.with(|here| match here.0.borrow_mut().as_mut() {
        Some(home) if home.owner == owner => Some(act(home)),
        _ => None,
    })
}

/// Queues a task, if this executor runs on this thread. Otherwise gives it back, and also if it is a
/// new one and the executor is being dropped.
pub(crate) fn push(owner: usize, ready: Ready) -> Option<Ready> {
    HERE.with(|here| match here.0.borrow_mut().as_mut() {
        Some(home) if home.owner == owner && !(home.closed && ready.key.is_new()) => {
            home.queue.push_back(ready);
            None
        }
        _ => Some(ready),
    })
}
