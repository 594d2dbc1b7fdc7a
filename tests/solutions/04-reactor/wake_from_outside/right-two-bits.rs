// expect: pass
//! Two bits in one word instead of three states: woken, and asleep.

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{AtomicUsize, Ordering::AcqRel};

const WOKEN: usize = 1;
const ASLEEP: usize = 2;

pub struct Interrupter {
    bits: AtomicUsize,
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Interrupter { bits: AtomicUsize::new(0), interrupt }
    }

    pub fn prepare_to_sleep(&self) -> bool {
        if self.bits.fetch_or(ASLEEP, AcqRel) & WOKEN == 0 {
            return true;
        }
        self.bits.swap(0, AcqRel);
        false
    }

    pub fn awake(&self) {
        self.bits.swap(0, AcqRel);
    }

    pub fn wake(&self) {
        if self.bits.fetch_or(WOKEN, AcqRel) == ASLEEP {
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
