// expect: fail lost-before-sleep
//! Two flags that are set and looked at crosswise, and only the looks are `SeqCst`: a look may come before the mark that
//! stands in front of it, on both sides at once (S4-12 class).

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{
    AtomicBool,
    Ordering::{Release, SeqCst},
};

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
        self.asleep.store(true, Release);
        if self.woken.swap(false, SeqCst) {
            self.asleep.store(false, Release);
            return false;
        }
        true
    }

    pub fn awake(&self) {
        self.asleep.store(false, Release);
        self.woken.swap(false, SeqCst);
    }

    pub fn wake(&self) {
        self.woken.store(true, Release);
        if self.asleep.load(SeqCst) {
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
