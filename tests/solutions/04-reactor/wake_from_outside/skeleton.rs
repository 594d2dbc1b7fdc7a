//! # wake_from_outside: woken while asleep
//!
//! A loop looks for work, finds none, and goes to sleep in the selector. Whoever has work for it then,
//! on another thread, must end that sleep, and that takes a call of the system. But most wakes come while the
//! loop is awake, and those must not cost one. And those that come *between* the loop's last look and its
//! sleep must not be lost. The `Interrupter` stands between the two sides. Write it.
//!
//! The loop goes like this, and each thread that has work for it leaves the work *first* and calls `wake` then:
//!
//! ```text
//! loop
//!     awake()
//!     look for work, and do it
//!     prepare_to_sleep()?    yes: sleep in the selector.    no: go round again
//! ```
//!
//! What is checked:
//!
//! 1. A loop that nobody has woken since it was last `awake` may sleep.
//! 2. `prepare_to_sleep` says `false` if a wake came since the loop was last `awake`: it may be for something
//!    that the loop has looked past. It says so once, and the loop is awake then.
//! 3. From the moment at which `prepare_to_sleep` says `true`, a `wake` calls
//!    [`interrupt`](crate::selector::Interrupt::interrupt). That call sticks: if the loop does not
//!    sleep yet, it will not.
//! 4. While the loop is awake, a `wake` does not call it.
//! 5. Whenever a wake comes, between any two steps of the loop, and however many come at once: the loop
//!    does not sleep with work left for it.
//! 6. What was done before a `wake` can be seen after it, in whatever way it was left: if
//!    `prepare_to_sleep` says `false`, or `awake` wipes a wake out, the look that comes then finds its work, even if
//!    that was left with a `Relaxed` store.
//! 7. As a [`Waker`](std::task::Waker) it does the same.
//!
//! Settled: to call `interrupt` more than once for one sleep, or to call it with a lock held, passes with a remark. One
//! look more than needed after a sleep is fine. What threads share comes from `crate::sync`: its atomics and its
//! `Mutex` are those of std, but the check puts a model in their place and tries every order of the steps.
//!
//! Read first: README.md, "Woken while asleep". Do `atomic_waker` of stage 02 before this: the tools are the same. About 40
//! minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise wake_from_outside`. Stuck: `cargo xtask hint wake_from_outside`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{AtomicU8, Ordering};

/// Wakes one loop, from any thread, and calls the system only if the loop sleeps.
pub struct Interrupter {
    // Which states can the loop be in, as far as those who wake it are concerned?
    /// Ends the sleep in the selector.
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    /// For a loop that is awake, and sleeps where `interrupt` reaches it.
    #[must_use]
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        todo!("the loop is awake")
    }

    /// Called by the loop when it has found no work. `true`: it may sleep, and any wake from now on
    /// ends the sleep. `false`: a wake came since it was last awake, and it has to look again.
    pub fn prepare_to_sleep(&self) -> bool {
        todo!("fall asleep, unless somebody has called: in one step")
    }

    /// Called by the loop before it looks for work: after its sleep, and whenever it likes. What
    /// wakes have announced until now, that look will find.
    pub fn awake(&self) {
        todo!("from now on nobody needs to call the system")
    }

    /// Makes the loop look for work, even if it sleeps. Make the work visible before this.
    ///
    /// # Panics
    ///
    /// Panics if the system cannot end the sleep: the loop would sleep for ever.
    pub fn wake(&self) {
        todo!("leave a note, and find out whether the loop was asleep: in one step")
    }
}

impl Wake for Interrupter {
    fn wake(self: Arc<Self>) {
        todo!("the same as the other `wake`. Careful: `self.wake()` is this very method")
    }

    fn wake_by_ref(self: &Arc<Self>) {
        todo!("the same as the other `wake`, without a new `Arc`")
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupter").finish_non_exhaustive()
    }
}
