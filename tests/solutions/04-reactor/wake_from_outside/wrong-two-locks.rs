// expect: fail lost-before-sleep
//! Looks at the state under one lock, and sets it under another: a wake in between is lost (S4-12; tokio-rs/tokio #854).

use std::fmt;
use std::sync::Arc;
use std::task::Wake;

use crate::selector::Interrupt;
use crate::sync::Mutex;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Awake,
    Notified,
    Asleep,
}

pub struct Interrupter {
    state: Mutex<State>,
    interrupt: Arc<dyn Interrupt>,
}

impl Interrupter {
    pub fn new(interrupt: Arc<dyn Interrupt>) -> Self {
        Interrupter { state: Mutex::new(State::Awake), interrupt }
    }

    pub fn prepare_to_sleep(&self) -> bool {
        let asleep = *self.state.lock().unwrap() == State::Awake;
        *self.state.lock().unwrap() = if asleep { State::Asleep } else { State::Awake };
        asleep
    }

    pub fn awake(&self) {
        *self.state.lock().unwrap() = State::Awake;
    }

    pub fn wake(&self) {
        let before = std::mem::replace(&mut *self.state.lock().unwrap(), State::Notified);
        if before == State::Asleep {
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
