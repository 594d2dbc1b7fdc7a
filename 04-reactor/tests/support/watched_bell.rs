//! A loop that is driven by hand, and the bell that ends its sleep.

#![allow(dead_code, unreachable_pub)]

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use course::Recorder;
use reactor::{Interrupter, selector::Interrupt};

/// What stands for the system's call that ends a sleep: it counts.
#[derive(Default)]
pub struct Bell {
    rung: AtomicUsize,
    /// What happens within the call.
    hook: Mutex<Option<Box<dyn Fn() + Send + Sync>>>,
}

impl Bell {
    pub fn in_interrupt(&self, hook: impl Fn() + Send + Sync + 'static) {
        let mut place = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
        *place = Some(Box::new(hook));
    }
}

impl Interrupt for Bell {
    fn interrupt(&self) -> io::Result<()> {
        self.rung.fetch_add(1, SeqCst);
        // Called without the lock: another thread may come here meanwhile.
        let hook = self
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(hook) = hook {
            hook();
        }
        Ok(())
    }
}

/// A loop, as its interrupter sees it.
pub struct Loop<'a> {
    rec: &'a Recorder,
    pub interrupter: Arc<Interrupter>,
    bell: Arc<Bell>,
}

impl<'a> Loop<'a> {
    pub fn new(rec: &'a Recorder) -> Self {
        Loop::with_bell(rec, Arc::default())
    }

    pub fn with_bell(rec: &'a Recorder, bell: Arc<Bell>) -> Self {
        let interrupt: Arc<dyn Interrupt> = bell.clone();
        Loop {
            rec,
            interrupter: Arc::new(Interrupter::new(interrupt)),
            bell,
        }
    }

    pub fn rung(&self) -> usize {
        self.bell.rung.load(SeqCst)
    }

    /// The loop is awake, and looks for work after this.
    pub fn awake(&self) {
        self.rec.note("the loop is awake, and looks for work");
        self.interrupter.awake();
    }

    /// Somebody wakes the loop.
    pub fn wake(&self) {
        self.rec.note("somebody wakes the loop");
        let before = self.rung();
        self.interrupter.wake();
        if self.rung() > before {
            self.rec.note("the selector is interrupted");
        }
    }

    fn prepare_to_sleep(&self) -> bool {
        let asleep = self.interrupter.prepare_to_sleep();
        self.rec.note(format!("prepare_to_sleep() → {asleep}"));
        asleep
    }

    /// The rule that the loop may go to sleep. Fails with `busy-loop`.
    pub fn must_sleep(&self, why: &str) {
        if !self.prepare_to_sleep() {
            let seen = format!("{why}, and `prepare_to_sleep` says that it must not sleep");
            self.rec
                .fail_reading("woken-while-asleep", "busy-loop", seen);
        }
    }

    /// The rule that the loop may go to sleep, if it has looked again once. Fails with `busy-loop`.
    pub fn must_sleep_soon(&self) {
        if self.prepare_to_sleep() {
            return;
        }
        self.awake();
        self.must_sleep("the loop has looked twice since the last wake");
    }

    /// The rule that the loop has to look once more. Fails with `lost-before-sleep`.
    pub fn must_not_sleep(&self, why: &str) {
        if self.prepare_to_sleep() {
            let seen = format!("{why}, and `prepare_to_sleep` lets it sleep");
            self.rec.fail("lost-before-sleep", seen);
        }
    }

    /// The rule that a sleep was ended by the system, so many times at least. Fails with `lost-wakeup`.
    pub fn must_have_been_interrupted(&self, times: usize) {
        if self.rung() < times {
            self.rec.fail_reading(
                "woken-while-asleep",
                "lost-wakeup",
                "the loop was asleep, somebody called `wake`, and nobody interrupted the selector",
            );
        }
    }

    /// The rule that the system was called no more often. Fails with `needless-interrupt`.
    pub fn must_have_rung(&self, times: usize, why: &str) {
        if self.rung() > times {
            let seen = format!("{why}, and `wake` interrupted the selector");
            self.rec.fail("needless-interrupt", seen);
        }
    }
}
