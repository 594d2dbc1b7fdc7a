//! One loop that goes to sleep, and those who wake it, as a model: whatever the order of their steps is,
//! the loop finds its work, or its sleep is ended.

#![allow(dead_code)]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use loom::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};
use reactor::selector::Interrupt;

use crate::{model::Schedule, sync::Mutex, wake_from_outside::Interrupter};

/// Work that one thread leaves for another.
pub(crate) enum Work {
    /// Behind a lock, as in a queue: nobody who comes after the one who left it misses it.
    Locked(Mutex<bool>),
    /// On its own: only the wake makes sure that it is seen.
    Unordered(AtomicBool),
}

impl Work {
    pub(crate) fn locked() -> Self {
        Work::Locked(Mutex::new(false))
    }

    pub(crate) fn unordered() -> Self {
        Work::Unordered(AtomicBool::new(false))
    }

    fn leave(&self) {
        match self {
            Work::Locked(work) => *work.lock().expect("nobody panicked") = true,
            Work::Unordered(work) => work.store(true, Relaxed),
        }
    }

    fn is_there(&self) -> bool {
        match self {
            Work::Locked(work) => *work.lock().expect("nobody panicked"),
            Work::Unordered(work) => work.load(Relaxed),
        }
    }
}

/// What stands for the system's call. It is no step of the model.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Interrupt for Bell {
    fn interrupt(&self) -> io::Result<()> {
        self.0.fetch_add(1, SeqCst);
        Ok(())
    }
}

/// Everything that one order of the steps needs, made anew for each.
#[derive(Clone)]
pub(crate) struct Scene {
    schedule: Schedule,
    interrupter: Arc<Interrupter>,
    bell: Arc<Bell>,
    work: Arc<[Work]>,
}

/// How the loop's part ended.
enum End {
    /// It has seen all work.
    Done,
    /// It sleeps until the bell is rung.
    Asleep,
    /// It was told of a wake, and there was nothing to be seen.
    Deceived,
    /// It was told to look again, more often than anybody has woken it.
    Restless,
}

impl Scene {
    pub(crate) fn new(schedule: &Schedule, work: fn() -> Work, pieces: usize) -> Self {
        let bell = Arc::new(Bell::default());
        let interrupt: Arc<dyn Interrupt> = bell.clone();
        Scene {
            schedule: schedule.clone(),
            interrupter: Arc::new(Interrupter::new(interrupt)),
            bell,
            work: (0..pieces).map(|_| work()).collect(),
        }
    }

    /// The loop on a second thread, and everything that is left for it from this one.
    pub(crate) fn one_wakes_the_other(&self) {
        let scene = self.clone();
        let sleeper = thread::spawn(move || scene.run_loop());
        for piece in 0..self.work.len() {
            self.leave(piece);
        }
        self.must_not_be_lost(sleeper.join().expect("the loop does not panic"));
    }

    /// One step of each side, to see how many orders there are. Nothing is asked of them.
    pub(crate) fn meet(&self) {
        let scene = self.clone();
        let sleeper = thread::spawn(move || scene.interrupter.prepare_to_sleep());
        self.interrupter.wake();
        sleeper.join().expect("it does not panic");
    }

    /// The loop on this thread, and two others that leave something for it.
    pub(crate) fn two_wake_the_third(&self) {
        let others = [0, 1].map(|piece| {
            let scene = self.clone();
            thread::spawn(move || scene.leave(piece))
        });
        let end = self.run_loop();
        for other in others {
            other.join().expect("a wake does not panic");
        }
        self.must_not_be_lost(end);
    }

    /// One who wakes: first the work, then the wake.
    fn leave(&self, piece: usize) {
        self.work[piece].leave();
        self.schedule.called(format!("work {} is left", piece + 1));
        self.interrupter.wake();
        self.schedule
            .called(format!("wake() for work {} is over", piece + 1));
    }

    /// The loop: awake, look, and sleep if nothing is there.
    fn run_loop(&self) -> End {
        // One more round than there are wakes, for a design that remembers one too long.
        for _ in 0..self.work.len() + 2 {
            self.interrupter.awake();
            let before = self.seen();
            if before == self.work.len() {
                return End::Done;
            }
            let asleep = self.interrupter.prepare_to_sleep();
            self.schedule
                .called(format!("prepare_to_sleep() → {asleep}"));
            if asleep {
                return End::Asleep;
            }
            // Nothing else was to be announced than the one piece that there is.
            if self.work.len() == 1 && self.seen() == 0 {
                return End::Deceived;
            }
        }
        End::Restless
    }

    fn seen(&self) -> usize {
        let seen = self.work.iter().filter(|work| work.is_there()).count();
        let all = self.work.len();
        self.schedule
            .called(format!("the loop looks, and sees {seen} of {all}"));
        seen
    }

    /// The rule that a loop with work left for it does not sleep on.
    ///
    /// Fails with `lost-before-sleep`, or, where it was the order of the memory, with `weak-ordering`.
    fn must_not_be_lost(&self, end: End) {
        let code = match self.work[0] {
            Work::Locked(_) => "lost-before-sleep",
            Work::Unordered(_) => "weak-ordering",
        };
        let seen = match end {
            End::Done => return,
            End::Asleep if self.bell.0.load(SeqCst) > 0 => return,
            End::Asleep if code == "weak-ordering" => {
                "the loop has looked, has not seen work that was left before a `wake`, and sleeps: that `wake` has published \
                 nothing, or `awake` has taken nothing over"
            }
            End::Asleep => {
                "the loop sleeps, work was left for it with a `wake`, and nobody interrupts its sleep"
            }
            End::Deceived => {
                "`prepare_to_sleep` told of a wake, and the work from before that wake was not to be seen"
            }
            End::Restless => {
                let seen = "`prepare_to_sleep` said no more often than anybody has called `wake`";
                self.schedule.fail("busy-loop", seen)
            }
        };
        self.schedule.fail(code, seen)
    }
}
