//! A task, its wakers, its events and its `AtomicWaker`, for the model.

use std::{
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool as Fact, Ordering::SeqCst},
    },
    task::{Wake, Waker},
};

use course::event::Event;
use loom::{
    sync::{
        Mutex,
        atomic::{
            AtomicBool,
            Ordering::{AcqRel, Acquire, Relaxed, Release},
        },
    },
    thread::{self, JoinHandle},
};

use crate::{atomic_waker::AtomicWaker, model::Schedule};

/// How often a task may be polled while its latest waker is woken again and again: after that it
/// counts as awake.
const MOST_POLLS: usize = 4;

/// All that the threads of one schedule share.
pub(crate) struct Scene {
    schedule: Schedule,
    /// What is graded.
    slot: AtomicWaker,
    /// What the task waits for, all of it.
    events: Vec<Happening>,
    /// The task's wakers, in the order in which it is polled with them.
    bells: Vec<Arc<Bell>>,
}

/// Something that happens once.
struct Happening {
    name: &'static str,
    flag: Flag,
    /// Whether it has happened: the truth, which no processor delays. No step of the model.
    happened: Fact,
}

/// How the task sees that something has happened.
pub(crate) enum Flag {
    /// Under a lock of its own: whoever looks after it was set sees it. What goes wrong then goes wrong
    /// by the order of the steps alone.
    Locked(Mutex<bool>),
    /// As weak as a flag can be: that the task sees it is the business of `register` and `wake`.
    Relaxed(AtomicBool),
}

impl Flag {
    pub(crate) fn locked() -> Self {
        Flag::Locked(Mutex::new(false))
    }

    pub(crate) fn relaxed() -> Self {
        Flag::Relaxed(AtomicBool::new(false))
    }

    fn set(&self) {
        match self {
            Flag::Locked(flag) => *flag.lock().expect("nobody panics") = true,
            Flag::Relaxed(flag) => flag.store(true, Relaxed),
        }
    }

    fn is_set(&self) -> bool {
        match self {
            Flag::Locked(flag) => *flag.lock().expect("nobody panics"),
            Flag::Relaxed(flag) => flag.load(Relaxed),
        }
    }
}

/// A waker that rings. Who sees the ring also sees what was there before it, as with any executor.
struct Bell {
    name: &'static str,
    schedule: Schedule,
    rung: AtomicBool,
    /// Whether it has in truth been rung since it was cleared. No step of the model.
    woken: Fact,
}

/// How a task came to rest.
pub(crate) struct Rest {
    /// Whether its latest poll saw all events.
    ready: bool,
    /// Whether all events had in truth happened when its latest poll looked for them.
    happened: bool,
}

impl Scene {
    /// Nothing has happened, and no thread has begun.
    pub(crate) fn new(
        schedule: &Schedule,
        flag: fn() -> Flag,
        events: &[&'static str],
        bells: &[&'static str],
    ) -> Arc<Self> {
        let happening = |name: &&'static str| Happening {
            name,
            flag: flag(),
            happened: Fact::new(false),
        };
        let bell = |name: &&'static str| Bell {
            name,
            schedule: schedule.clone(),
            rung: AtomicBool::new(false),
            woken: Fact::new(false),
        };
        Arc::new(Scene {
            schedule: schedule.clone(),
            slot: AtomicWaker::new(),
            events: events.iter().map(happening).collect(),
            bells: bells.iter().map(bell).map(Arc::new).collect(),
        })
    }

    /// Starts another thread.
    pub(crate) fn begin<T: 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Scene) -> T + 'static,
    ) -> JoinHandle<T> {
        let scene = Arc::clone(self);
        thread::spawn(move || work(&scene))
    }

    /// The source's side of the contract: makes the event visible, and wakes after that.
    pub(crate) fn happen(&self, event: usize, wake: impl FnOnce(&AtomicWaker)) {
        let event = &self.events[event];
        event.flag.set();
        event.happened.store(true, SeqCst);
        self.schedule.note(event.name);
        wake(&self.slot);
        self.schedule
            .called(format!("its wake is through ({})", event.name));
    }

    /// The task: is polled once with each waker, which is what moving from task to task looks like, and
    /// then again whenever the last one rings.
    pub(crate) fn run_task(&self) -> Rest {
        let last = self.last_bell();
        let again = iter::repeat_n(last, MOST_POLLS - 1);
        let mut rest = None;
        for (turn, bell) in self.bells.iter().chain(again).enumerate() {
            // No `yield_now` between two polls: loom takes it for a promise to see what is new.
            if turn >= self.bells.len() && !last.has_rung() {
                break;
            }
            let poll = self.poll(bell);
            let ready = poll.ready;
            rest = Some(poll);
            if ready {
                break;
            }
        }
        rest.expect("there is at least one waker")
    }

    /// The task's side of the contract: registers, and looks after that.
    fn poll(&self, bell: &Arc<Bell>) -> Rest {
        bell.clear();
        self.schedule.record(Event::PollBegins {
            future: String::new(),
            waker: bell.name.into(),
        });
        self.slot.register(&Waker::from(Arc::clone(bell)));
        self.schedule
            .called(format!("slot.register({})", bell.name));
        let mut rest = Rest {
            ready: true,
            happened: true,
        };
        for event in &self.events {
            rest.ready &= event.flag.is_set();
            rest.happened &= event.happened.load(SeqCst);
        }
        self.schedule.record(Event::PollEnds {
            future: String::new(),
            ready: rest.ready.then(|| String::from("()")),
        });
        rest
    }

    /// The rule of the exercise: the task has seen all events, or is awake. All threads have ended.
    ///
    /// Fails with `weak-ordering`, `stale-waker` or `lost-wakeup`.
    pub(crate) fn must_not_sleep(&self, rest: &Rest) {
        let last = self.last_bell();
        if rest.ready || last.has_rung() {
            return;
        }
        if rest.happened {
            self.schedule.fail(
                "weak-ordering",
                "the task registered and looked after the event, and saw the flag as it had been \
                 before: nothing orders its `register` after the `wake` that went before it",
            );
        }
        if last.woken.load(SeqCst) {
            self.schedule.fail(
                "weak-ordering",
                "the waker went from the thread that registered it to the one that woke it, and nothing \
                 orders what the first had done before: it may come to pass after the wake",
            );
        }
        if let Some(other) = self.bells.iter().find(|bell| bell.has_rung()) {
            let (last, other) = (last.name, other.name);
            self.schedule.fail(
                "stale-waker",
                format!("the task was last polled with waker {last}, and only {other} was woken"),
            );
        }
        self.schedule.fail(
            "lost-wakeup",
            format!(
                "the task registered waker {}, looked before the event, and nobody woke it although \
                 `wake` was called after the event",
                last.name
            ),
        );
    }

    fn last_bell(&self) -> &Arc<Bell> {
        self.bells.last().expect("a task has a waker")
    }
}

impl Bell {
    fn has_rung(&self) -> bool {
        self.rung.load(Acquire)
    }

    /// As an executor does it before it polls.
    fn clear(&self) {
        self.rung.swap(false, AcqRel);
        self.woken.store(false, SeqCst);
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
        self.woken.store(true, SeqCst);
    }
}
