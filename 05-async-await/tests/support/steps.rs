//! The steps of a call at which something can happen: where the calling thread holds no lock.
//!
//! The grader's own `crate::sync` calls [`step`] before each lock and after each unlock. Between two steps
//! nobody else can change what is guarded, so these moments stand for all others.

#![allow(dead_code, unreachable_pub)]

use std::cell::{Cell, RefCell};

/// What happens at a step to come, and how many steps pass by before that one.
type Ambush = (usize, Box<dyn FnOnce()>);

thread_local! {
    static AMBUSH: RefCell<Option<Ambush>> = const { RefCell::new(None) };
    /// How many locks this thread holds.
    static HELD: Cell<usize> = const { Cell::new(0) };
    /// Called at every step.
    static WATCH: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Runs `ambush` once, at a step of this thread, when `skip` other steps have passed by. It runs on this
/// thread, which may hold a lock of std: what needs a lock belongs into a `Race`.
pub fn ambush(skip: usize, ambush: impl FnOnce() + 'static) {
    AMBUSH.set(Some((skip, Box::new(ambush))));
}

/// Forgets an ambush that nobody has come by.
pub fn call_off() {
    // Dropped outside: what it owns may take steps of its own.
    let left = AMBUSH.take();
    drop(left);
}

/// More steps than a call has that does not spin.
const MOST_STEPS: usize = 100;

/// Plays a scene once for each step: at step 0, at step 1, and so on, until it tells that there was none. `event` is
/// what happens there: "the sender sends".
pub fn each(recorder: &course::Recorder, event: &str, scene: impl Fn(usize) -> bool) {
    for skip in 0..MOST_STEPS {
        recorder.note(format!(
            "once more from the beginning: {event} at step {skip}"
        ));
        if !scene(skip) {
            break;
        }
    }
}

/// Calls `watch` at every step of this thread from now on, to notice a loop that never ends.
pub fn watch(watch: impl Fn() + 'static) {
    WATCH.set(Some(Box::new(watch)));
}

/// A place in the code under test. Nothing happens there while the thread holds a lock.
pub fn step() {
    // A second panic during the first would end the process.
    if HELD.get() > 0 || std::thread::panicking() {
        return;
    }
    WATCH.with_borrow(|watch| {
        if let Some(watch) = watch {
            watch();
        }
    });
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

/// A lock that this thread holds. Drop it when the lock is released: that is a step.
#[derive(Debug)]
pub struct Held(());

impl Held {
    pub fn new() -> Self {
        HELD.set(HELD.get() + 1);
        Held(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
        step();
    }
}
