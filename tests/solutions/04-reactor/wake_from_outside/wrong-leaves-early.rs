// expect: fail weak-ordering
//! Does nothing where somebody has woken already. Who only reads publishes nothing, not even with `SeqCst`: the look for the
//! earlier wake may miss this one's work.

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::atomic::{AtomicU8, Ordering};

const AWAKE: u8 = 0;
const NOTIFIED: u8 = 1;
const ASLEEP: u8 = 2;

pub struct Interrupter {
    state: AtomicU8,
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Interrupter { state: AtomicU8::new(AWAKE), interrupt }
    }

    pub fn prepare_to_sleep(&self) -> bool {
        let asleep = self.state.compare_exchange(AWAKE, ASLEEP, Ordering::SeqCst, Ordering::SeqCst);
        if asleep.is_err() {
            self.state.swap(AWAKE, Ordering::SeqCst);
        }
        asleep.is_ok()
    }

    pub fn awake(&self) {
        self.state.swap(AWAKE, Ordering::SeqCst);
    }

    pub fn wake(&self) {
        if self.state.load(Ordering::SeqCst) == NOTIFIED {
            return;
        }
        if self.state.swap(NOTIFIED, Ordering::SeqCst) == ASLEEP {
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
