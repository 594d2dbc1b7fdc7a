// expect: pass
//! Two flags, each with its own order of steps, and the one order of all `SeqCst` accesses between them.

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct Interrupter {
    woken: AtomicBool,
    asleep: AtomicBool,
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Interrupter { woken: AtomicBool::new(false), asleep: AtomicBool::new(false), interrupt }
    }

    pub fn prepare_to_sleep(&self) -> bool {
        // First the mark, then the look: with `wake`, which does it the other way round, one of the two sees the other.
        self.asleep.store(true, SeqCst);
        if self.woken.swap(false, SeqCst) {
            self.asleep.store(false, SeqCst);
            return false;
        }
        true
    }

    pub fn awake(&self) {
        self.asleep.store(false, SeqCst);
        self.woken.swap(false, SeqCst);
    }

    pub fn wake(&self) {
        self.woken.store(true, SeqCst);
        if self.asleep.swap(false, SeqCst) {
            self.interrupt.interrupt().expect("the selector is open");
        }
    }
}

impl Wake for Interrupter {
    fn wake(self: Arc<Self>) {
        Interrupter::wake(&self);
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupter").finish_non_exhaustive()
    }
}
