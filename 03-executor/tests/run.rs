//! The grader of `run`: tasks in turns, step by step, and then a thread that runs them and sleeps.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod blocked;
    pub mod script;
    pub mod watched;
}

#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/probe.rs"]
mod probe;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. The layer's own file reaches deeper into its crate, and is taken from there.
#[cfg(feature = "my-run")]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
#[path = "../exercises/run.rs"]
mod run;
#[cfg(not(feature = "my-run"))]
mod run {
    pub(crate) use executor::{Executor, new_executor_and_spawner};
}

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc::Sender,
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use course::{Exercise, Race, RecordedWaker, Recorder, grade, grade_race, memory};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{Executor, JoinError, JoinHandle, Spawner, new_executor_and_spawner};
use paths_from_std::advise_locks_of_the_course;
use probe::Probe;
use rules::lock;
use support::{blocked::Blocked, script::Script};

const RUN: Exercise = course::exercise!("run", stage = "03-executor", feature = "my-run");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-run")]
const SOURCE: &str = include_str!("../exercises/run.rs");
#[cfg(not(feature = "my-run"))]
const SOURCE: &str = include_str!("../src/run.rs");

/// More than any turn here needs.
const PLENTY: usize = 64;

/// An executor that is driven by hand.
struct Turns {
    rec: Recorder,
    executor: Executor,
    spawner: Option<Spawner>,
    unpark: RecordedWaker,
}

impl Turns {
    fn new(rec: &Recorder) -> Self {
        let unpark = rec.waker("unpark");
        let (executor, spawner) = Executor::new(unpark.as_waker().clone());
        Turns {
            rec: rec.clone(),
            executor,
            spawner: Some(spawner),
            unpark,
        }
    }

    fn spawner(&self) -> &Spawner {
        self.spawner.as_ref().expect("nobody has dropped it")
    }

    /// Spawns a task that is ready at its poll number `at`.
    fn spawn(&self, name: &'static str, at: usize) -> (Probe, JoinHandle<()>) {
        self.spawn_script(name, move |probe, cx| {
            probe.keep_waker(cx);
            match probe.polls() >= at {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
    }

    fn spawn_script<S>(&self, name: &'static str, script: S) -> (Probe, JoinHandle<()>)
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

    fn turn(&mut self, budget: usize) -> usize {
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

    fn wake(&self, probe: &Probe) {
        self.rec.note(format!("wake `{}`", probe.name()));
        probe.wake();
    }

    /// The rule that the thread is woken because `reason`.
    ///
    /// Fails with `lost-wakeup`.
    fn must_unpark(&self, reason: &str) {
        if self.rec.wakes_since_note(self.unpark.name()) == 0 {
            self.rec.fail(
                "lost-wakeup",
                format!(
                    "{reason} while the executor's thread may be asleep, and `unpark` was not woken"
                ),
            );
        }
    }

    /// The rule that a task that is ready is polled in a turn with room for it.
    ///
    /// Fails with `woken-not-polled`.
    fn must_be_polled(&self, probe: &Probe, polls: usize) {
        if probe.polls() < polls {
            self.rec.fail(
                "woken-not-polled",
                format!(
                    "`{}` is ready, the turn had room for it, and it was not polled",
                    probe.name()
                ),
            );
        }
    }

    /// The rule that `has_ready` says what is.
    fn must_have_ready(&self, ready: bool, because: &str) {
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
    fn must_go_on(&self, reason: &str) {
        if self.executor.is_done() {
            self.rec.fail(
                "ends-early",
                format!("`is_done` says true, although {reason}"),
            );
        }
    }

    /// The rule that all is over.
    ///
    /// Fails with `never-ends`.
    fn must_be_done(&self, what: &str) {
        if !self.executor.is_done() {
            self.rec.fail(
                "never-ends",
                format!("no spawner is left, {what}, and `is_done` says false"),
            );
        }
    }
}

/// What tasks here panic with.
const PANIC: &str = "a task panics";

#[test]
fn polls_a_new_task_in_its_turn() {
    grade!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        turns.must_have_ready(false, "nothing was spawned");
        let (one, _handle) = turns.spawn("one", 2);
        turns.must_unpark("a task was spawned");
        turns.must_have_ready(true, "a task was spawned");
        must_be(rec, turns.turn(PLENTY), 1, "one task is ready");
        turns.must_be_polled(&one, 1);
        turns.must_have_ready(false, "the one task waits for a wake");
        must_be(rec, turns.turn(PLENTY), 0, "no task is ready");
    });
}

fn must_be(rec: &Recorder, polled: usize, right: usize, because: &str) {
    if polled != right {
        rec.fail(
            "wrong-value",
            format!("`turn` says that it polled {polled} tasks, although {because}: it is to say {right}"),
        );
    }
}

#[test]
fn polls_only_what_was_woken() {
    grade!(RUN, lesson, |rec| {
        let mut turns = Turns::new(rec);
        let (left, _left) = turns.spawn("left", 2);
        must_be(rec, turns.turn(PLENTY), 1, "one task is new");
        let (right, _right) = turns.spawn("right", 2);
        must_be(rec, turns.turn(PLENTY), 1, "one task is new");
        for (woken, other) in [(&right, &left), (&left, &right)] {
            let before = other.polls();
            turns.wake(woken);
            turns.must_unpark("a task was woken");
            must_be(rec, turns.turn(PLENTY), 1, "one task was woken");
            turns.must_be_polled(woken, 2);
            if other.polls() > before {
                rec.fail(
                    "polled-unwoken",
                    format!("`{}` was polled, and nobody had woken it", other.name()),
                );
            }
        }
    });
}

#[test]
fn keeps_to_its_budget() {
    grade!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let names = ["one", "two", "three", "four", "five"];
        let tasks = names.map(|name| turns.spawn(name, 1));
        must_be(rec, turns.turn(0), 0, "the budget is 0");
        must_be(
            rec,
            turns.turn(2),
            2,
            "five tasks are ready, and the budget is 2",
        );
        let polled = tasks.iter().filter(|(task, _)| task.polls() > 0).count();
        must_be(rec, 2, polled, "that many were polled");
        turns.must_have_ready(true, "five tasks were ready, and two of them were polled");
        must_be(rec, turns.turn(PLENTY), 3, "three tasks are left");
        for (task, _) in &tasks {
            turns.must_be_polled(task, 1);
        }
    });
}

#[test]
fn keeps_a_wake_that_comes_in_a_poll() {
    grade!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let (one, _one) = turns.spawn_script("one", |probe, cx| {
            if probe.polls() == 1 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        });
        let (two, _two) = turns.spawn("two", 3);
        turns.turn(PLENTY);
        let other = two.clone();
        let (three, _three) = turns.spawn_script("three", move |_, _| {
            other.wake();
            Poll::Ready(())
        });
        while turns.executor.has_ready() {
            turns.turn(PLENTY);
        }
        turns.must_be_polled(&one, 2);
        turns.must_be_polled(&two, 2);
        turns.must_be_polled(&three, 1);
    });
}

#[test]
fn lets_nobody_starve() {
    grade_race!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let spin = |_: &Probe, cx: &mut Context<'_>| {
            cx.waker().wake_by_ref();
            Poll::Pending
        };
        let (_early, _handle) = turns.spawn_script("spinner", spin);
        let (two, _two) = turns.spawn("two", 3);
        let (_late, _handle) = turns.spawn_script("late spinner", spin);
        let reasons = [
            "it was spawned",
            "it was woken",
            "it was woken from another thread",
        ];
        for (polls, reason) in (1..).zip(reasons) {
            for _ in 0..4 {
                turns.turn(PLENTY / 4);
            }
            if two.polls() < polls {
                rec.fail(
                    "starvation",
                    format!(
                        "`two` is ready since {reason}; {PLENTY} polls later it has not been polled: they all went \
                         to tasks that wake themselves"
                    ),
                );
            }
            let woken = two.clone();
            if polls == 1 {
                turns.wake(&two);
            } else {
                let _ = thread::spawn(move || woken.wake()).join();
            }
        }
    });
}

#[test]
fn is_done_without_tasks_and_spawners() {
    grade!(RUN, |rec| {
        rec.note("no task, no spawner");
        let mut turns = Turns::new(rec);
        turns.must_go_on("a spawner is left, which may spawn");
        let clone = turns.spawner.clone();
        drop(turns.spawner.take());
        turns.must_go_on("a clone of the spawner is left");
        rec.note("the last spawner is dropped");
        drop(clone);
        turns.must_be_done("no task was ever made");
        turns.must_unpark("the last spawner was dropped");

        rec.note("a task, no spawner");
        let mut turns = Turns::new(rec);
        let (one, _handle) = turns.spawn("one", 2);
        drop(turns.spawner.take());
        turns.must_go_on("a task is ready");
        turns.turn(PLENTY);
        turns.must_go_on("a task waits for its wake");
        turns.wake(&one);
        turns.turn(PLENTY);
        turns.must_be_done("the one task is done");
    });
}

#[test]
fn a_task_may_hold_a_spawner() {
    grade!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let spawner = turns.spawner().clone();
        let child = Probe::new(rec, "child");
        let made = child.clone();
        let (parent, _handle) = turns.spawn_script("parent", move |probe, cx| {
            probe.keep_waker(cx);
            if probe.polls() == 1 {
                return Poll::Pending;
            }
            drop(spawner.spawn(made.ready_at(1, ())));
            Poll::Ready(())
        });
        drop(turns.spawner.take());
        turns.turn(PLENTY);
        turns.must_go_on("a task waits, and holds a spawner");
        turns.wake(&parent);
        turns.turn(PLENTY);
        turns.turn(PLENTY);
        turns.must_be_polled(&child, 1);
        turns.must_be_done("the task that held the last one is done, and so is what it spawned");
    });
}

/// Runs `work` on a second thread, and fails if it waits there for what only this thread could do.
fn must_not_block<T: Send + 'static>(
    rec: &Recorder,
    code: &str,
    seen: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (race, output) = (Race::certain(), Arc::new(Mutex::new(None)));
    let slot = Arc::clone(&output);
    race.run(move || *lock(&slot) = Some(work()));
    if race.was_blocked() {
        rec.fail(code, seen);
    }
    race.finish();
    lock(&output).take()
}

#[test]
fn tasks_may_spawn_and_wake_while_they_are_polled() {
    grade_race!(RUN, |rec| {
        let seen = "a task spawned another one and woke it, in its poll, and waits for a lock or a place that its \
                    own executor has to give";
        must_not_block(rec, "polls-under-lock", seen, {
            let rec = rec.clone();
            move || {
                let mut turns = Turns::new(&rec);
                let (spawner, quiet) = (turns.spawner().clone(), turns.spawn("quiet", 9).0);
                turns.turn(PLENTY);
                let child = Probe::new(&rec, "child");
                let made = child.clone();
                turns.spawn_script("parent", move |_, _| {
                    quiet.wake();
                    drop(spawner.spawn(made.ready_at(1, ())));
                    drop(spawner.clone());
                    Poll::Ready(())
                });
                turns.turn(PLENTY);
                turns.turn(PLENTY);
                turns.must_be_polled(&child, 1);
            }
        });
    });
}

/// More than any queue with a bound would hold.
const MANY: usize = 20_000;

#[test]
fn its_queue_has_no_bound() {
    grade_race!(RUN, |rec| {
        let _alone = lock(&MEMORY);
        let seen = format!(
            "{MANY} tasks were spawned, or woken in one poll, and somebody waits for a place in the queue that only \
             the executor, on the same thread, could make"
        );
        let polled = must_not_block(rec, "full-queue", &seen, || {
            let (mut executor, spawner) = Executor::new(Waker::noop().clone());
            let wakers = Arc::new(Mutex::new(Vec::new()));
            for _ in 0..MANY {
                let wakers = Arc::clone(&wakers);
                drop(spawner.spawn(std::future::poll_fn(move |cx| {
                    lock(&wakers).push(cx.waker().clone());
                    Poll::<()>::Pending
                })));
            }
            let first = executor.turn(usize::MAX);
            drop(spawner.spawn(async move {
                let wakers = std::mem::take(&mut *lock(&wakers));
                for waker in wakers {
                    waker.wake();
                }
            }));
            (first, executor.turn(usize::MAX))
        });
        if polled != Some((MANY, MANY + 1)) {
            rec.fail(
                "woken-not-polled",
                format!(
                    "{MANY} tasks were spawned, and one that woke them all, in one poll; the two turns made {polled:?} \
                     polls"
                ),
            );
        }
    });
}

#[test]
fn a_panic_and_an_abort_take_nothing_along() {
    grade!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let (_, panics) = turns.spawn_script("one", |_, _| std::panic::panic_any(PANIC));
        let (two, aborted) = turns.spawn("two", 9);
        let (three, done) = turns.spawn("three", 2);
        turns.turn(PLENTY);
        turns.must_be_polled(&three, 1);
        rec.note("abort `two`");
        aborted.abort();
        turns.wake(&three);
        turns.turn(PLENTY);
        turns.must_be_polled(&three, 2);
        drop(turns.spawner.take());
        turns.must_be_done("one task has panicked, one was aborted, and one is done");
        must_be_dropped(rec, &two, "it was aborted");
        for (name, handle) in [("one", panics), ("two", aborted), ("three", done)] {
            must_be_finished(rec, name, &handle);
        }
    });
}

fn must_be_finished<T>(rec: &Recorder, name: &str, handle: &JoinHandle<T>) {
    if !handle.is_finished() {
        rec.fail(
            "silent-end",
            format!("`{name}` will never be polled again, and its handle has no result"),
        );
    }
}

fn must_be_dropped(rec: &Recorder, probe: &Probe, reason: &str) {
    if !probe.is_dropped() {
        let name = probe.name();
        rec.fail(
            "forgotten-task",
            format!("the future of `{name}` has not been dropped, although {reason}"),
        );
    }
}

/// How much may be left of so many tasks. What is kept of one takes a hundred bytes or more.
const SLACK: usize = MANY * 32;

/// Held by tests that take much memory or measure it: they may run side by side.
static MEMORY: Mutex<()> = Mutex::new(());

#[test]
fn keeps_nothing_of_a_task_that_is_over() {
    grade_race!(RUN, |rec| {
        let _alone = lock(&MEMORY);
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        let in_use = memory::in_use();
        for _ in 0..MANY {
            drop(spawner.spawn(yield_once()));
            executor.turn(PLENTY);
        }
        let kept = memory::in_use().saturating_sub(in_use);
        if kept > SLACK {
            rec.fail(
                "leaked-task",
                format!(
                    "{MANY} tasks came and went, one after the other, and {} KiB of memory are still in use for them",
                    kept >> 10
                ),
            );
        }
    });
}

async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn its_end_is_the_end_of_its_tasks() {
    grade_race!(RUN, |rec| {
        let mut turns = Turns::new(rec);
        let (waits, handle) = turns.spawn("waits", 9);
        let mut own = Vec::new();
        let (loops, looped) = turns.spawn_script("keeps its own waker", move |_, cx| {
            own.push(cx.waker().clone());
            Poll::Pending
        });
        turns.turn(PLENTY);
        let (queued, unpolled) = turns.spawn("is queued", 9);
        let Turns {
            executor,
            spawner,
            unpark,
            ..
        } = turns;
        rec.note("the executor is dropped");
        drop(executor);
        for (probe, handle) in [(&waits, handle), (&loops, looped), (&queued, unpolled)] {
            must_be_dropped(rec, probe, "its executor is gone");
            must_be_cancelled(rec, probe.name(), handle, "its executor is gone");
        }
        rec.note("a late wake, and a late spawn");
        waits.wake();
        let late = Probe::new(rec, "late");
        let spawner = spawner.expect("nobody has dropped it");
        let handle = spawner.spawn(late.ready_at(1, ()));
        must_be_dropped(rec, &late, "its executor was gone before it came");
        must_be_cancelled(rec, "late", handle, "its executor was gone before it came");
        if late.polls() + queued.polls() > 0 {
            rec.fail("eager", "a task was polled although its executor is gone");
        }
        rec.note("the last spawner and the last waker go");
        drop(spawner);
        waits.forget_waker();
        must_be_gone(rec, &unpark);
    });
}

/// The rule that nothing is left of an executor when nobody has a hold on it or its tasks.
fn must_be_gone(rec: &Recorder, unpark: &RecordedWaker) {
    if unpark.clones_alive() > 0 {
        rec.fail(
            "leaked-reference",
            "the executor, its spawners, its handles and all wakers are gone, and its `unpark` is still there: \
             something holds itself",
        );
    }
}

fn must_be_cancelled(rec: &Recorder, name: &str, mut handle: JoinHandle<()>, reason: &str) {
    let poll = std::pin::Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop()));
    match poll {
        Poll::Ready(Err(JoinError::Cancelled)) => {}
        Poll::Pending => rec.fail(
            "silent-end",
            format!("the handle of `{name}` still answers Pending, although {reason}"),
        ),
        other => rec.fail(
            "wrong-value",
            format!(
                "the handle of `{name}` gives {other:?}, although {reason}: this is `Cancelled`"
            ),
        ),
    }
}

#[test]
fn futures_are_dropped_where_no_lock_is_held() {
    /// Spawns when it is dropped, as a future's destructor may.
    struct SpawnsInDrop(Spawner);
    impl Drop for SpawnsInDrop {
        fn drop(&mut self) {
            drop(self.0.spawn(async {}));
            drop(self.0.clone());
        }
    }
    grade_race!(RUN, |rec| {
        for polled in [false, true] {
            let seen = "the executor was dropped, and a future that spawned something in its own drop waits for a lock \
                        that is held meanwhile";
            must_not_block(rec, "drops-under-lock", seen, move || {
                let (mut executor, spawner) = Executor::new(Waker::noop().clone());
                let bomb = SpawnsInDrop(spawner.clone());
                drop(spawner.spawn(async move {
                    let _bomb = bomb;
                    std::future::pending::<()>().await;
                }));
                if polled {
                    executor.turn(PLENTY);
                }
                drop(executor);
            });
        }
    });
}

#[test]
fn wakes_its_thread_where_no_lock_is_held() {
    grade_race!(RUN, |rec| {
        let (race, left) = (Race::certain(), Left::default());
        let slot = Arc::clone(&left);
        let hook = race.once(move || {
            // Whoever is woken may spawn at once.
            let spawner = lock(&slot).clone();
            if let Some(spawner) = spawner {
                drop(spawner.spawn(async {}));
            }
        });
        let unpark = rec.hostile_waker("unpark").on_wake(hook).build();
        let (mut executor, spawner) = Executor::new(unpark.as_waker().clone());
        *lock(&left) = Some(spawner.clone());
        rec.note("spawn");
        drop(spawner.spawn(async {}));
        race.finish();
        if race.was_blocked() {
            rec.advise(
                "wakes-under-lock",
                "a spawn from within the wake of `unpark`, on another thread, had to wait until the wake was over",
            );
        }
        let spawner = lock(&left).take();
        drop(spawner);
        executor.turn(PLENTY);
    });
}

/// Counts its wakes, and records nothing: it is woken on any thread.
#[derive(Default)]
struct Unparked(AtomicUsize);

impl Wake for Unparked {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// What has happened before the turn in which the wake comes.
#[derive(Clone, Copy)]
enum Before {
    /// The task has been polled, and nothing is ready.
    Idle,
    /// The task has just been spawned.
    New,
}

#[test]
fn a_wake_between_any_two_steps_of_a_turn_is_kept() {
    grade_race!(RUN, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for before in [Before::Idle, Before::New] {
            for skip in 0.. {
                if !a_wake_comes_in_a_turn(rec, before, skip) {
                    break;
                }
            }
        }
    });
}

/// Lets a wake come at a step of `turn`, `has_ready` or `is_done`. Tells whether there was such a step.
fn a_wake_comes_in_a_turn(rec: &Recorder, before: Before, skip: usize) -> bool {
    let (race, unparked) = (Race::new(), Arc::new(Unparked::default()));
    let (mut executor, spawner) = run::Executor::new(Waker::from(Arc::clone(&unparked)));
    let (came, seen) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let probe = Probe::new(rec, "task");
    let handle = spawner.spawn({
        let (came, seen) = (Arc::clone(&came), Arc::clone(&seen));
        probe.future(move |probe, cx| {
            probe.keep_waker(cx);
            seen.store(came.load(SeqCst), SeqCst);
            Poll::<()>::Pending
        })
    });
    if let Before::Idle = before {
        executor.turn(PLENTY);
    }
    unparked.0.store(0, SeqCst);
    let (noted, world, event) = (rec.clone(), probe.clone(), Arc::clone(&came));
    let rival = race.once(move || {
        noted.note("wake, on another thread");
        event.store(true, SeqCst);
        world.wake();
    });
    rec.note("turn, has_ready, is_done");
    steps::ambush(skip, rival);
    executor.turn(PLENTY);
    let (more, done) = (executor.has_ready(), executor.is_done());
    steps::call_off();
    race.finish();
    // A new task may have been woken before it was polled: there was nobody to wake then.
    let heard = seen.load(SeqCst) || more || unparked.0.load(SeqCst) > 0;
    if race.was_forced()
        && probe.polls() > 0
        && probe.waker().is_some()
        && came.load(SeqCst)
        && !heard
        && !done
    {
        let late = executor.has_ready();
        rec.fail(
            "lost-before-sleep",
            format!(
                "a task was woken while `turn` or `has_ready` was at work and held no lock; `has_ready` said that \
                 nothing is ready, and `unpark` was not woken: the thread goes to sleep{}",
                if late { ", with a ready task in the queue" } else { "" }
            ),
        );
    }
    drop(handle);
    race.was_forced()
}

#[test]
fn a_wake_between_any_two_steps_of_run_is_kept() {
    grade_race!(RUN, |rec| {
        for skip in 0.. {
            if !a_wake_comes_while_it_runs(rec, skip) {
                break;
            }
        }
    });
}

/// Lets the wake of the only task come at a step of `run`. Tells whether there was such a step.
fn a_wake_comes_while_it_runs(rec: &Recorder, skip: usize) -> bool {
    let (race, came) = (Race::new(), Arc::new(AtomicBool::new(false)));
    let probe = Probe::new(rec, "task");
    let (seen, event, world, noted) = (
        Arc::clone(&came),
        Arc::clone(&came),
        probe.clone(),
        rec.clone(),
    );
    let rival = race.once(move || {
        noted.note("wake, on another thread");
        event.store(true, SeqCst);
        world.wake();
    });
    let future = probe.future(move |probe, cx| {
        probe.keep_waker(cx);
        match seen.load(SeqCst) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    });
    rec.note("run");
    let thread = Blocked::start(rec, move |_tell| {
        let (mut executor, spawner) = run::new_executor_and_spawner();
        drop(spawner.spawn(future));
        drop(spawner);
        steps::ambush(skip, rival);
        executor.run();
        steps::call_off();
    });
    let ended = thread.ends_or_sleeps();
    if race.was_forced() && !ended {
        rec.fail(
            "lost-before-sleep",
            "the one task was woken while `run` was at work and held no lock, and `run` sleeps on, with that \
             task in the queue",
        );
    }
    if !ended {
        // It was asleep before it came to that step.
        came.store(true, SeqCst);
        probe.wake();
    }
    thread.returns(NEVER_ENDS);
    race.finish();
    race.was_forced()
}

/// A thread that runs what `spawn` has spawned.
fn running(
    rec: &Recorder,
    spawn: impl FnOnce(Spawner, &Sender<&'static str>) + Send + 'static,
) -> Blocked<()> {
    Blocked::start(rec, move |tell| {
        let (mut executor, spawner) = new_executor_and_spawner();
        spawn(spawner, &tell);
        drop(tell);
        executor.run();
    })
}

/// Where a thread leaves a spawner for the grader.
type Left = Arc<Mutex<Option<Spawner>>>;

const NEVER_ENDS: (&str, &str) = (
    "never-ends",
    "no task is alive and no spawner is left, and `run` sleeps on: nobody will wake it",
);

const NOT_POLLED: (&str, &str) = (
    "lost-wakeup",
    "`run` sleeps on, although a task is ready: nobody woke its thread",
);

#[test]
fn runs_until_the_work_is_done() {
    grade!(RUN, |rec| {
        running(rec, |spawner, _| drop(spawner)).returns(NEVER_ENDS);
        rec.note("`run` has returned: nothing was spawned");
        let task = Script::new(rec, "task");
        task.can_finish();
        let spawned = task.clone();
        running(rec, move |spawner, tell| {
            drop(spawner.spawn(spawned.future(tell)))
        })
        .returns(NEVER_ENDS);
        must_be_over(rec, &task);
        rec.note("`run` has returned: the task is done");
    });
}

fn must_be_over(rec: &Recorder, task: &Script) {
    if !task.is_finished() {
        rec.fail(
            "ends-early",
            format!("`run` has returned, and `{}` is not done", task.name),
        );
    }
}

#[test]
fn sleeps_until_a_task_is_woken() {
    grade!(RUN, |rec| {
        let (left, right) = (Script::new(rec, "left"), Script::new(rec, "right"));
        let tasks = [left.clone(), right.clone()];
        let thread = running(rec, move |spawner, tell| {
            for task in &tasks {
                drop(spawner.spawn(task.future(tell)));
            }
        })
        .sleeps();
        right.finish();
        let thread = thread.polls(&right, 2, NOT_POLLED).sleeps();
        left.wake_for_nothing();
        let thread = thread.polls(&left, 2, NOT_POLLED).sleeps();
        left.finish();
        thread.returns(NEVER_ENDS);
        for task in [&left, &right] {
            must_be_over(rec, task);
        }
    });
}

#[test]
fn is_woken_by_a_spawn_and_by_the_last_spawner() {
    grade!(RUN, |rec| {
        let (task, left) = (Script::new(rec, "task"), Left::default());
        let slot = Arc::clone(&left);
        let (tell, _told) = std::sync::mpsc::channel();
        let thread = running(rec, move |spawner, _| *lock(&slot) = Some(spawner)).sleeps();
        let spawner = lock(&left)
            .take()
            .expect("the thread has left it before it slept");
        task.can_finish();
        rec.note("spawn, from another thread");
        drop(spawner.spawn(task.future(&tell)));
        let thread = thread.polls(&task, 1, NOT_POLLED).sleeps();
        rec.note("the last spawner is dropped");
        drop(spawner);
        thread.returns(NEVER_ENDS);
    });
}

#[test]
fn says_so_where_it_is_nested() {
    grade!(RUN, |rec| {
        let (mut executor, spawner) = new_executor_and_spawner();
        let mut handle = spawner.spawn(async {
            let (mut inner, spawner) = new_executor_and_spawner();
            drop(spawner);
            // Done at once, if it is let in.
            inner.run();
        });
        drop(spawner);
        executor.run();
        let poll = std::pin::Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop()));
        if !matches!(poll, Poll::Ready(Err(JoinError::Panicked(_)))) {
            rec.fail(
                "nested-executor",
                "a task called `run` of another executor, and that went to work: `enter(\"run\")` would have said no",
            );
        }
        rec.note("`run` in a task panics");
        let (mut executor, spawner) = new_executor_and_spawner();
        drop(spawner);
        executor.run();
        rec.note("and after it runs as before");
    });
}

/// How many tasks there are in the end, and how often a thread wakes each of them.
const TASKS: usize = 8;
const ROUNDS: usize = 100;

#[test]
fn serves_many_threads() {
    grade_race!(RUN, |rec| {
        let finished = Arc::new(AtomicUsize::new(0));
        let (mut executor, spawner) = new_executor_and_spawner();
        for _ in 0..TASKS {
            let (spawner, finished) = (spawner.clone(), Arc::clone(&finished));
            // Each thread spawns its task, and then plays with it.
            thread::spawn(move || echo(&spawner, &finished));
        }
        drop(spawner);
        executor.run();
        let finished = finished.load(SeqCst);
        if finished < TASKS {
            rec.fail(
                "ends-early",
                format!("`run` has returned, and {finished} of {TASKS} tasks are done"),
            );
        }
    });
}

/// Spawns a task, and wakes it from this thread for each of its polls.
fn echo(spawner: &Spawner, finished: &Arc<AtomicUsize>) {
    let (send, polls) = std::sync::mpsc::channel::<Waker>();
    let (mut left, finished) = (ROUNDS, Arc::clone(finished));
    drop(spawner.spawn(std::future::poll_fn(move |cx| {
        if left == 0 {
            finished.fetch_add(1, SeqCst);
            return Poll::Ready(());
        }
        left -= 1;
        let _ = send.send(cx.waker().clone());
        Poll::Pending
    })));
    for waker in polls {
        waker.wake();
    }
}
