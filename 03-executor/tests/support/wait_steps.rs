//! The steps of a thread at which something can happen: before it takes a lock, when it has released
//! one, and when it is about to wait on a `Condvar`.
//!
//! The grader's own `crate::sync` calls [`step`] there.

use std::cell::{Cell, RefCell};

/// What happens at a step to come, and how many steps pass by before that one.
type Ambush = (usize, Box<dyn FnOnce()>);

thread_local! {
    static AMBUSH: RefCell<Option<Ambush>> = const { RefCell::new(None) };
    /// What happens when a wait's time is over, and the thread has not got its lock back.
    static GIVES_UP: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// What comes between the end of a wait and the lock.
    static GETS_UP: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// How many waits are to end at once, for no reason.
    static SPURIOUS: Cell<usize> = const { Cell::new(0) };
}

/// Runs `ambush` once, at a step of this thread, when `skip` other steps have passed by. The thread may
/// hold a lock there: what needs one belongs into a `Race`.
pub fn ambush(skip: usize, ambush: impl FnOnce() + 'static) {
    AMBUSH.set(Some((skip, Box::new(ambush))));
}

/// Forgets an ambush that nobody has come by.
pub fn call_off() {
    // What it holds may take locks when it is dropped, and come by a step itself.
    let ambush = AMBUSH.take();
    drop(ambush);
}

/// Lets the next wait of this thread that has a limit come to it at once, and runs `ambush` then: before the
/// thread has its lock back.
pub fn when_it_gives_up(ambush: impl FnOnce() + 'static) {
    GIVES_UP.set(Some(Box::new(ambush)));
}

/// What [`when_it_gives_up`] has left.
pub fn gives_up() -> Option<Box<dyn FnOnce()>> {
    GIVES_UP.take()
}

/// Runs `ambush` when the next wait of this thread has come to its end, and before the thread has its lock back:
/// it is slow to get up.
pub fn when_it_gets_up(ambush: impl FnOnce() + 'static) {
    GETS_UP.set(Some(Box::new(ambush)));
}

/// What [`when_it_gets_up`] has left.
pub fn gets_up() -> Option<Box<dyn FnOnce()>> {
    GETS_UP.take()
}

/// Lets the next waits of this thread end for no reason, as the system may at any time.
pub fn end_waits_for_nothing(waits: usize) {
    SPURIOUS.set(waits);
}

/// A place in the code under test.
pub fn step() {
    // A second panic during the first would end the process.
    if std::thread::panicking() {
        return;
    }
    let due = AMBUSH.with_borrow_mut(|ambush| {
        let due = ambush.take_if(|(skip, _)| *skip == 0);
        if let Some((skip, _)) = ambush {
            *skip -= 1;
        }
        due
    });
    if let Some((_, ambush)) = due {
        ambush();
    }
}

/// Whether the wait that begins here is to end at once.
pub fn ends_for_nothing() -> bool {
    let left = SPURIOUS.get();
    SPURIOUS.set(left.saturating_sub(1));
    left > 0
}
