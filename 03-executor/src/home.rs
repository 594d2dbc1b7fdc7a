//! The part of an executor that only its own thread touches: no lock, no atomic step.
//!
//! While an executor runs, its home lies in a thread-local variable. There a wake finds it, which
//! may come from anywhere in a task's poll, and sees whether it is on the thread of its own
//! executor. Between two runs the home lies in the executor, and moves with it.

use std::cell::{RefCell, RefMut};
use std::collections::VecDeque;
use std::mem::{self, ManuallyDrop};
use std::task::Waker;

use crate::slab::Slab;
use crate::task::Runnable;

/// What an executor keeps for its own thread.
pub(crate) struct Home {
    /// Tells the homes of a thread's executors apart: an address that its executor keeps alive.
    owner: usize,
    /// The tasks that are ready, in the order in which they became so.
    pub(crate) queue: VecDeque<Ready>,
    /// The tasks that were spawned on this thread, until they are done.
    pub(crate) alive: Slab<Waker>,
    /// Whether the executor is being dropped: wakes still come here, new tasks do not.
    pub(crate) closed: bool,
}

/// A task that is ready to be polled.
pub(crate) struct Ready {
    pub(crate) runnable: Runnable,
    pub(crate) key: Key,
}

/// Where the executor keeps a task's waker. Small: it lies in each task, and in the queues.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    number: u32,
    /// Whether it is in the home, as the task was spawned on the executor's thread; or under the
    /// lock, as it was spawned anywhere else.
    pub(crate) at_home: bool,
    /// Whether the task has never waited: then its place is held by a waker of nobody, and the task
    /// is in the queue or being polled.
    pub(crate) new: bool,
}

thread_local! {
    /// The home of the executor that runs on this thread, of the innermost if there are several.
    ///
    /// It is not dropped with the thread: there is nothing in it when no executor runs, and so each
    /// access is spared the question whether the variable still exists.
    static HERE: RefCell<ManuallyDrop<Option<Home>>> = const { RefCell::new(ManuallyDrop::new(None)) };
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

    /// A key for a task that is about to be made; `None` if it comes too late.
    fn reserve(&mut self) -> Option<Key> {
        (!self.closed).then(|| Key::reserve(&mut self.alive, true))
    }
}

impl Key {
    /// Takes a place for a task that is about to be made: the key must be known when it is.
    pub(crate) fn reserve(alive: &mut Slab<Waker>, at_home: bool) -> Self {
        let number = alive.insert(Waker::noop().clone());
        Self {
            number: (number.try_into()).expect("four billion tasks do not fit into memory"),
            at_home,
            new: true,
        }
    }

    /// The place that it stands for.
    pub(crate) fn number(self) -> usize {
        self.number as usize
    }
}

/// Calls `act` with the home of this executor, if that runs on this thread; otherwise gives `input`
/// back.
///
/// No task, waker or future may be run or dropped in `act`: they may come back here.
#[inline]
pub(crate) fn here<I, R>(
    owner: usize,
    input: I,
    act: impl FnOnce(&mut Home, I) -> R,
) -> Result<R, I> {
    HERE.with_borrow_mut(|here| match here.as_mut() {
        Some(home) if home.owner == owner => Ok(act(home, input)),
        _ => Err(input),
    })
}

/// Gives out a key, if this executor runs on this thread.
pub(crate) fn reserve(owner: usize) -> Option<Key> {
    here(owner, (), |home, ()| home.reserve()).ok().flatten()
}
