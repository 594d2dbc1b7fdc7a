//! Waking a loop that may be asleep in the selector.
//!
//! A loop looks for work, finds none, and goes to sleep until the next I/O event. A wake that comes
//! from another thread must end that sleep, and this costs a system call. A wake that comes while
//! the loop is awake must not cost one, because most wakes come from the loop itself. And a wake
//! that comes *between* the last look and the sleep must not be lost.
//!
//! # The protocol
//!
//! | state | set by | means |
//! |---|---|---|
//! | `AWAKE` | the loop, in `awake`, and in a `prepare_to_sleep` that says no | the loop will look for work before it sleeps |
//! | `NOTIFIED` | any thread, in `wake` | there may be work that the loop has not seen |
//! | `ASLEEP` | the loop, in a `prepare_to_sleep` that says yes | the loop sleeps, or is about to |
//!
//! The waking thread makes its work visible *before* `wake`. The loop looks for work *after* it has
//! left `NOTIFIED`. So:
//!
//! - `wake` finds `AWAKE`: the loop will find `NOTIFIED` when it wants to sleep, and look again.
//! - `wake` finds `NOTIFIED`: the loop has yet to look, for the sake of an earlier wake.
//! - `wake` finds `ASLEEP`: it interrupts the selector. An interrupt sticks: if the loop has not got
//!   as far as sleeping, it will not sleep. Of many wakes, only the first finds `ASLEEP`.
//!
//! # The orderings
//!
//! Each step is a read-modify-write, so the steps continue one release sequence: the loop's step
//! that leaves `NOTIFIED` has synchronised with every `wake` before it, and its next look sees their
//! work.

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{
    AtomicU8,
    Ordering::{AcqRel, Acquire},
};

const AWAKE: u8 = 0;
const NOTIFIED: u8 = 1;
const ASLEEP: u8 = 2;

/// Wakes one loop, from any thread, and calls the system only if the loop sleeps.
///
/// It is a [`Wake`], so an executor that wants a waker to be woken with takes
/// `Waker::from(interrupter)`.
///
/// ```
/// use reactor::{Interrupter, ManualSelector, selector::Open};
///
/// let manual = ManualSelector::new();
/// let interrupter = Interrupter::new(manual.open().unwrap().interrupt);
///
/// interrupter.wake();
/// assert!(!interrupter.prepare_to_sleep(), "there may be work: look again");
/// assert!(interrupter.prepare_to_sleep());
/// interrupter.wake();
/// interrupter.wake();
/// interrupter.awake();
/// assert_eq!(manual.interrupts(), 1, "one call for the one sleep");
/// ```
pub struct Interrupter {
    /// Where the loop is: see the protocol.
    state: AtomicU8,
    /// Ends the sleep in the selector.
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    /// For a loop that is awake, and sleeps where `interrupt` reaches it.
    #[must_use]
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Self {
            state: AtomicU8::new(AWAKE),
            interrupt,
        }
    }

    /// Called by the loop when it has found no work. `true`: it may sleep, and any wake from now on
    /// ends the sleep. `false`: a wake came since it was last awake, and it has to look again.
    pub fn prepare_to_sleep(&self) -> bool {
        let asleep = (self.state).compare_exchange(AWAKE, ASLEEP, AcqRel, Acquire);
        if asleep.is_err() {
            self.awake();
        }
        asleep.is_ok()
    }

    /// Called by the loop before it looks for work: after its sleep, and whenever it likes. What
    /// wakes have announced until now, that look will find.
    pub fn awake(&self) {
        self.state.swap(AWAKE, AcqRel);
    }

    /// Makes the loop look for work, even if it sleeps. Make the work visible before this.
    ///
    /// # Panics
    ///
    /// Panics if the system cannot end the sleep: the loop would sleep for ever.
    pub fn wake(&self) {
        if self.state.swap(NOTIFIED, AcqRel) == ASLEEP {
            let interrupted = self.interrupt.interrupt();
            interrupted.expect("the selector is open as long as its interrupt lives");
        }
    }
}

impl Wake for Interrupter {
    fn wake(self: Arc<Self>) {
        Interrupter::wake(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        Interrupter::wake(self);
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupter").finish_non_exhaustive()
    }
}
