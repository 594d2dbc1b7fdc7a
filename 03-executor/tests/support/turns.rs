//! An executor that is driven by hand, one turn at a time, and the rules for its turns.

#![allow(dead_code, unreachable_pub)]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, Waker},
};

use course::{RecordedWaker, Recorder};
use executor::{Executor, JoinHandle, Spawner};

use crate::{probe::Probe, rules::count};

/// More than any turn here needs.
pub const PLENTY: usize = 64;

/// What tasks here panic with.
pub const PANIC: &str = "a task panics";

/// An executor, and the first of its spawners.
pub struct Turns {
    rec: Recorder,
    pub executor: Executor,
    pub spawner: Option<Spawner>,
    /// Wakes the executor's thread, if somebody takes it down.
    pub unpark: Option<RecordedWaker>,
}

impl Turns {
    /// Each wake of the executor's thread is in the trace.
    pub fn new(rec: &Recorder) -> Self {
        let unpark = rec.waker("unpark");
        let (executor, spawner) = Executor::new(unpark.as_waker().clone());
        Turns {
            rec: rec.clone(),
            executor,
            spawner: Some(spawner),
            unpark: Some(unpark),
        }
    }

    /// Nobody listens to the wakes: how many there are of a thread that is awake differs from design to
    /// design.
    pub fn unheard(rec: &Recorder) -> Self {
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        Turns {
            rec: rec.clone(),
            executor,
            spawner: Some(spawner),
            unpark: None,
        }
    }

    pub fn spawner(&self) -> &Spawner {
        self.spawner.as_ref().expect("nobody has dropped it")
    }

    /// Drops the first spawner.
    pub fn drop_spawner(&mut self) {
        self.rec.note("the spawner is dropped");
        drop(self.spawner.take());
    }

    /// Spawns a task that is ready at its poll number `at`.
    pub fn spawn(&self, name: &'static str, at: usize) -> (Probe, JoinHandle<()>) {
        self.spawn_script(name, move |probe, cx| {
            probe.keep_waker(cx);
            match probe.polls() >= at {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
    }

    /// Spawns a task of which each poll runs the script once.
    ///
    /// Fails with `eager` if one is made by the spawn.
    pub fn spawn_script<S>(&self, name: &'static str, script: S) -> (Probe, JoinHandle<()>)
    where
        S: FnMut(&Probe, &mut Context<'_>) -> Poll<()> + Send + 'static,
    {
        let probe = Probe::new(&self.rec, name);
        self.rec.note(format!("spawn `{name}`"));
        let handle = self.spawner().spawn(probe.future(script));
        if probe.polls() > 0 {
            self.rec
                .fail("eager", format!("`spawn` itself has polled `{name}`"));
        }
        (probe, handle)
    }

    /// One turn. Fails with `escaped-panic` if a task's panic comes out of it.
    pub fn turn(&mut self, budget: usize) -> usize {
        self.rec.note(format!("turn({budget})"));
        let polled = catch_unwind(AssertUnwindSafe(|| self.executor.turn(budget)));
        polled.unwrap_or_else(|panic| match panic.downcast_ref() {
            Some(&PANIC) => self.rec.fail(
                "escaped-panic",
                "a task panicked, and the panic came out of `turn`",
            ),
            _ => std::panic::resume_unwind(panic),
        })
    }

    /// One turn with room for all, in which so many tasks are ready because `reason`.
    pub fn turn_of(&mut self, ready: usize, reason: &str) {
        let polled = self.turn(PLENTY);
        self.must_say(polled, ready, reason);
    }

    pub fn wake(&self, probe: &Probe) {
        self.rec.note(format!("wake `{}`", probe.name()));
        probe.wake();
    }

    /// The rule that `turn` says how many tasks it has polled.
    ///
    /// Fails with `wrong-value`.
    pub fn must_say(&self, said: usize, right: usize, reason: &str) {
        if said != right {
            self.rec.fail_reading(
                "run-until-the-work-is-done",
                "wrong-value",
                format!(
                    "`turn` says that it has polled {}, although {reason}: it is to say {right}",
                    count(said, "task")
                ),
            );
        }
    }

    /// The rule that the thread is woken because `reason`: it may be asleep.
    ///
    /// Fails with `code`.
    pub fn must_unpark(&self, code: &str, reason: &str) {
        let unpark = self.unpark.as_ref();
        let unpark = unpark.expect("the executor was made with a waker that is listened to");
        if self.rec.wakes_since_note(unpark.name()) == 0 {
            self.rec.fail(
                code,
                format!(
                    "{reason} while the executor's thread may be asleep, and `unpark` was not woken"
                ),
            );
        }
    }

    /// The rule that a task that is ready is polled in a turn with room for it.
    ///
    /// Fails with `woken-not-polled`.
    pub fn must_be_polled(&self, probe: &Probe, polls: usize) {
        if probe.polls() < polls {
            self.rec.fail(
                "woken-not-polled",
                format!(
                    "`{}` was ready, the turn had room for it, and it was not polled",
                    probe.name()
                ),
            );
        }
    }

    /// The rule that `has_ready` says what is.
    ///
    /// Fails with `lost-wakeup` or `busy-loop`.
    pub fn must_have_ready(&self, ready: bool, because: &str) {
        if self.executor.has_ready() != ready {
            self.rec.fail(
                if ready { "lost-wakeup" } else { "busy-loop" },
                format!("`has_ready` says {}, although {because}", !ready),
            );
        }
    }

    /// The rule that something can still happen because `reason`.
    ///
    /// Fails with `ends-early`.
    pub fn must_go_on(&self, reason: &str) {
        if self.executor.is_done() {
            self.rec.fail_reading(
                "run-until-the-work-is-done",
                "ends-early",
                format!("`is_done` says true, although {reason}"),
            );
        }
    }

    /// The rule that all is over.
    ///
    /// Fails with `never-ends`.
    pub fn must_be_done(&self, what: &str) {
        if !self.executor.is_done() {
            self.rec.fail(
                "never-ends",
                format!("no spawner is left, {what}, and `is_done` says false"),
            );
        }
    }
}
