// expect: fail needless-interrupt
//! Rings at every wake. The selector does not forget a bell, so nothing is lost; but each wake is a call of the system.

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;

pub struct Interrupter {
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Interrupter { interrupt }
    }

    pub fn prepare_to_sleep(&self) -> bool {
        true
    }

    pub fn awake(&self) {
    }

    pub fn wake(&self) {
        self.interrupt.interrupt().expect("the selector is open");
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
