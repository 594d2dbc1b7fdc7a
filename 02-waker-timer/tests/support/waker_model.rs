//! A task, its wakers and its event, for models of `AtomicWaker`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool as Noted, Ordering::SeqCst},
    },
    task::{Wake, Waker},
};

use course::event::Event;
use loom::sync::atomic::{
    AtomicBool,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

use super::model::Schedule;
use crate::atomic_waker::AtomicWaker;

/// How often a task that is woken again and again is polled, before its run counts as awake.
const MOST_POLLS: usize = 3;

/// A task's waker: it rings, and who sees the ring sees all that happened before it. A task that
/// looks must have done as much, so nothing here takes work off the code under test.
pub(crate) struct Bell {
    name: &'static str,
    schedule: Schedule,
    rung: AtomicBool,
}

impl Bell {
    pub(crate) fn new(schedule: &Schedule, name: &'static str) -> Arc<Self> {
        Arc::new(Bell {
            name,
            schedule: schedule.clone(),
            rung: AtomicBool::new(false),
        })
    }

    fn has_rung(&self) -> bool {
        self.rung.load(Acquire)
    }

    /// An executor clears the ring before it polls.
    fn clear(&self) {
        self.rung.swap(false, AcqRel);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.schedule.record(Event::Woken {
            waker: self.name.into(),
        });
        self.rung.store(true, Release);
    }
}

/// What a task waits for. Its flag is as weak as a flag can be: that the task sees it is the business
/// of `register` and `wake`.
pub(crate) struct Happening {
    schedule: Schedule,
    name: &'static str,
    flag: AtomicBool,
    /// The truth, which no memory model delays.
    happened: Noted,
}

impl Happening {
    pub(crate) fn new(schedule: &Schedule, name: &'static str) -> Self {
        Happening {
            schedule: schedule.clone(),
            name,
            flag: AtomicBool::new(false),
            happened: Noted::new(false),
        }
    }

    /// Makes the event visible, and after that lets `wake` wake.
    pub(crate) fn happen(&self, slot: &AtomicWaker, wake: impl FnOnce(&AtomicWaker)) {
        self.flag.store(true, Relaxed);
        self.happened.store(true, SeqCst);
        self.schedule.note(&format!("{} happens", self.name));
        wake(slot);
        self.schedule.called(format!("its wake has returned"));
    }
}

/// How a task came to rest.
pub(crate) struct Rest {
    /// Whether the latest poll saw all events.
    ready: bool,
    /// Whether all events had happened before the latest poll looked for them.
    happened: bool,
}

/// Runs a task that waits for all of these events: once with each bell, which is what moving from
/// task to task looks like, and then again while the last bell rings.
pub(crate) fn run_task(
    schedule: &Schedule,
    slot: &AtomicWaker,
    events: &[Happening],
    bells: &[Arc<Bell>],
) -> Rest {
    let (last, earlier) = bells.split_last().expect("a task has a waker");
    for bell in earlier {
        let rest = poll(schedule, slot, events, bell);
        if rest.ready {
            return rest;
        }
    }
    let mut rest = poll(schedule, slot, events, last);
    for _ in 1..MOST_POLLS {
        if rest.ready || !last.has_rung() {
            break;
        }
        loom::thread::yield_now();
        rest = poll(schedule, slot, events, last);
    }
    rest
}

/// The contract's side of the task: register, and look after that.
fn poll(schedule: &Schedule, slot: &AtomicWaker, events: &[Happening], bell: &Arc<Bell>) -> Rest {
    bell.clear();
    schedule.record(Event::PollBegins {
        future: String::new(),
        waker: bell.name.into(),
    });
    slot.register(&Waker::from(Arc::clone(bell)));
    schedule.called(format!("slot.register({})", bell.name));
    let mut rest = Rest {
        ready: true,
        happened: true,
    };
    for event in events {
        rest.ready &= event.flag.load(Relaxed);
        rest.happened &= event.happened.load(SeqCst);
    }
    schedule.record(Event::PollEnds {
        future: String::new(),
        ready: rest.ready.then(|| String::from("()")),
    });
    rest
}

/// The rule of the whole exercise. Call it when all threads have ended.
///
/// Fails with `weak-ordering`, `stale-waker` or `lost-wakeup`.
pub(crate) fn must_not_sleep(schedule: &Schedule, rest: &Rest, bells: &[Arc<Bell>]) {
    let (last, earlier) = bells.split_last().expect("a task has a waker");
    if rest.ready || last.has_rung() {
        return;
    }
    if rest.happened {
        schedule.fail(
            "weak-ordering",
            "the task registered and looked after the event, saw its flag as it had been before, and \
             nobody woke it: nothing in `register` is ordered after the `wake` that went before",
        );
    }
    if let Some(other) = earlier.iter().find(|bell| bell.has_rung()) {
        schedule.fail(
            "stale-waker",
            format!(
                "the task was last polled with waker {}, and only waker {} was woken",
                last.name, other.name
            ),
        );
    }
    schedule.fail(
        "lost-wakeup",
        format!(
            "the task registered waker {}, found nothing, and nobody woke it although the event \
             came and `wake` was called",
            last.name
        ),
    );
}
