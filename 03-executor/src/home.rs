//! The part of an executor that only its own thread touches: no lock, no atomic step.
//!
//! While an executor runs, its home lies in a thread-local variable. There a wake finds it, which
//! may come from anywhere in a task's poll, and sees whether it is on the thread of its own
//! executor. Between two runs the home lies in the executor, and moves with it.

use std::cell::RefCell;
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
    /// Where its waker is, to be removed when it is done.
    pub(crate) key: Key,
    pub(crate) runnable: Runnable,
}

/// Where a task's waker is kept: under which number, and in which of the two slabs.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    /// In the home: the task was spawned on the executor's thread.
    Home(u32),
    /// Under the lock: it was spawned anywhere else.
    Shared(u32),
}

thread_local! {
    /// The home of the executor that runs on this thread, of the innermost if there are several.
    ///
    /// It is not dropped with the thread: there is nothing in it when no executor runs, and so each
    /// access is spared the question whether the variable still exists.
    static HERE: RefCell<ManuallyDrop<Option<Home>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

impl Home {
    pub(crate) fn new(owner: usize) -> Self {
        Self {
            owner,
            queue: VecDeque::new(),
            alive: Slab::new(),
            closed: false,
        }
    }

    /// The key of the task that is [started](Self::start) next.
    pub(crate) fn next_key(&mut self) -> Key {
        Key::Home(small(self.alive.next()))
    }

    /// Queues a new task and keeps its waker; or gives both back, if it comes too late.
    pub(crate) fn start(&mut self, ready: Ready, waker: Waker) -> Option<(Ready, Waker)> {
        if self.closed {
            return Some((ready, waker));
        }
        self.alive.insert(waker);
        self.queue.push_back(ready);
        None
    }
}

/// Calls `act` with the home of this executor, if that runs on this thread.
///
/// No task, waker or future may be run or dropped in `act`: they may come back here.
pub(crate) fn here<R>(owner: usize, act: impl FnOnce(&mut Home) -> R) -> Option<R> {
    HERE.with_borrow_mut(|here| match here.as_mut() {
        Some(home) if home.owner == owner => Some(act(home)),
        _ => None,
    })
}

/// Queues a task with this executor, if that runs on this thread. Otherwise gives it back.
pub(crate) fn push(owner: usize, ready: Ready) -> Option<Ready> {
    HERE.with_borrow_mut(|here| match here.as_mut() {
        Some(home) if home.owner == owner => {
            home.queue.push_back(ready);
            None
        }
        _ => Some(ready),
    })
}

/// Puts a home into the thread-local variable, and back when it is dropped.
pub(crate) struct Stay<'a> {
    /// Meanwhile: the home of the executor in whose task this one runs, if in any.
    home: &'a mut Option<Home>,
}

impl<'a> Stay<'a> {
    pub(crate) fn new(home: &'a mut Option<Home>) -> Self {
        swap(home);
        Self { home }
    }
}

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        swap(self.home);
    }
}

/// A number that takes half the place: it is kept in each task, and in the queues.
pub(crate) fn small(number: usize) -> u32 {
    number.try_into().expect("four billion tasks do not fit")
}

fn swap(home: &mut Option<Home>) {
    HERE.with_borrow_mut(|here| mem::swap(&mut **here, home));
}
