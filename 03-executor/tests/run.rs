//! The grader of `run`: tasks in turns, step by step, and then a thread that runs them and sleeps.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod blocked;
    pub mod script;
    pub mod watched;
}

#[path = "support/leftovers.rs"]
mod leftovers;
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/met.rs"]
mod met;
#[path = "support/not_blocked.rs"]
mod not_blocked;
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
#[path = "support/freed_task.rs"]
mod task;
#[path = "support/turns.rs"]
mod turns;
#[path = "support/woken_while.rs"]
mod woken_while;

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
    pub(crate) use executor::{Executor, Spawner, new_executor_and_spawner};
}

use std::{
    future::{pending, poll_fn},
    mem,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc::{self, Sender},
    },
    task::{Context, Poll, Waker},
    thread,
};

use course::{Exercise, Race, Recorder, grade, grade_race, memory};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{Executor, JoinError, Spawner, new_executor_and_spawner};
use leftovers::{must_be_cancelled, must_be_dropped, must_be_finished, must_be_gone};
use met::Brings;
use not_blocked::must_not_block;
use paths_from_std::advise_locks_of_the_course;
use probe::Probe;
use rules::lock;
use support::{
    blocked::{Blocked, Mistake},
    script::Script,
};
use turns::{PANIC, PLENTY, Turns};
use woken_while::Before;

const RUN: Exercise = course::exercise!("run", stage = "03-executor", feature = "my-run");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-run")]
const SOURCE: &str = include_str!("../exercises/run.rs");
#[cfg(not(feature = "my-run"))]
const SOURCE: &str = include_str!("../src/run.rs");

#[test]
fn polls_a_new_task_in_its_turn() {
    grade!(RUN, |rec| {
        let scene = rec.clone();
        let came_back = Blocked::start(rec, move |_tell| {
            let mut turns = Turns::unheard(&scene);
            let _handle = turns.spawner().spawn(async {});
            turns.executor.turn(PLENTY);
        });
        came_back.reading("run-until-the-work-is-done").returns((
            "never-returns",
            "one task, which is done in its first poll: `spawn` or `turn` waits for a lock that this thread holds, and \
             does not come back. In `while let Some(x) = lock(&…).pop_front() { … }` the lock is held to the end of the \
             block; a `let` of its own lets go of it",
        ));
        let mut turns = Turns::new(rec);
        turns.must_have_ready(false, "nothing was spawned");
        let (task, _handle) = turns.spawn("task", 2);
        turns.must_unpark("lost-wakeup", "a task was spawned");
        turns.must_have_ready(true, "a task was spawned");
        turns.turn_of(1, "one task is ready");
        turns.must_be_polled(&task, 1);
        turns.must_have_ready(false, "the one task waits for a wake");
        turns.turn_of(0, "no task is ready");
        turns.drop_spawner();
    });
}

#[test]
fn polls_only_what_was_woken() {
    grade!(RUN, lesson, |rec| {
        let mut turns = Turns::new(rec);
        let (left, _left) = turns.spawn("left", 2);
        turns.turn_of(1, "one task is new");
        let (right, _right) = turns.spawn("right", 2);
        turns.turn_of(1, "one task is new");
        for (woken, other) in [(&right, &left), (&left, &right)] {
            let before = other.polls();
            turns.wake(woken);
            turns.must_unpark("lost-wakeup", "a task was woken");
            turns.turn_of(1, "one task was woken");
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
        let mut turns = Turns::unheard(rec);
        let names = ["task a", "task b", "task c", "task d", "task e"];
        let tasks = names.map(|name| turns.spawn(name, 1));
        let polled = || tasks.iter().filter(|(task, _)| task.polls() > 0).count();
        for budget in [0, 2] {
            let said = turns.turn(budget);
            let seen = format!(
                "five tasks are ready, and `turn({budget})` has polled {}",
                polled()
            );
            if polled() > budget {
                rec.fail("over-budget", seen);
            }
            if polled() < budget {
                rec.fail("woken-not-polled", seen);
            }
            turns.must_say(said, budget, "that many were not polled");
        }
        turns.must_have_ready(true, "five tasks were ready, and two of them were polled");
        turns.turn_of(3, "three tasks are left");
        for (task, _) in &tasks {
            turns.must_be_polled(task, 1);
        }
    });
}

#[test]
fn tasks_may_spawn_and_wake_while_they_are_polled() {
    grade_race!(RUN, |rec| {
        let seen = "a task woke another one and spawned a third, in its poll, and waits for a lock or a place that \
                    its own executor has to give";
        let scene = rec.clone();
        must_not_block(rec, "polls-under-lock", seen, move || {
            let mut turns = Turns::unheard(&scene);
            let (spawner, quiet) = (turns.spawner().clone(), turns.spawn("quiet", 9).0);
            turns.turn(PLENTY);
            let child = Probe::new(&scene, "child");
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
        });
    });
}

#[test]
fn keeps_a_wake_that_comes_in_a_poll() {
    grade!(RUN, |rec| {
        let mut turns = Turns::unheard(rec);
        let (busy, _busy) = turns.spawn_script("wakes itself", |probe, cx| {
            if probe.polls() == 1 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        });
        let (waits, _waits) = turns.spawn("waits", 2);
        turns.turn(PLENTY);
        let other = waits.clone();
        let (friend, _friend) = turns.spawn_script("wakes another", move |_, _| {
            other.wake();
            Poll::Ready(())
        });
        for _ in 0..PLENTY {
            if turns.executor.has_ready() {
                turns.turn(PLENTY);
            }
        }
        turns.must_be_polled(&busy, 2);
        turns.must_be_polled(&waits, 2);
        turns.must_be_polled(&friend, 1);
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
        turns.must_unpark("never-ends", "the last spawner was dropped");

        rec.note("a task, no spawner");
        let mut turns = Turns::unheard(rec);
        let (task, _handle) = turns.spawn("task", 2);
        turns.drop_spawner();
        turns.must_go_on("a task is ready");
        turns.turn(PLENTY);
        turns.must_go_on("a task waits for its wake");
        turns.wake(&task);
        turns.turn(PLENTY);
        turns.must_be_done("the one task is done");
    });
}

#[test]
fn a_task_may_hold_a_spawner() {
    grade!(RUN, |rec| {
        let mut turns = Turns::unheard(rec);
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
        turns.drop_spawner();
        turns.turn(PLENTY);
        turns.must_go_on("a task waits, and holds a spawner");
        turns.wake(&parent);
        turns.turn(PLENTY);
        turns.turn(PLENTY);
        turns.must_be_polled(&child, 1);
        turns.must_be_done("the task that held the last one is done, and so is what it spawned");
    });
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
    .reading("run-until-the-work-is-done")
}

const NEVER_ENDS: Mistake = (
    "never-ends",
    "no task is alive and no spawner is left, and `run` sleeps on: nobody will wake it",
);

const NOT_POLLED: Mistake = (
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
            drop(spawner.spawn(spawned.future(tell)));
        })
        .returns(NEVER_ENDS);
        must_be_over(rec, &task);
        rec.note("`run` has returned: the task is done");
    });
}

fn must_be_over(rec: &Recorder, task: &Script) {
    if !task.is_finished() {
        rec.fail_reading(
            "run-until-the-work-is-done",
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
fn takes_out_all_that_is_ready_before_it_sleeps() {
    grade_race!(RUN, |rec| {
        let _alone = lock(&MEMORY);
        let spawned = Arc::new(AtomicBool::new(false));
        let all = Arc::clone(&spawned);
        let thread = running(rec, move |spawner, _| {
            for _ in 0..MANY {
                drop(spawner.spawn(async {}));
            }
            all.store(true, SeqCst);
        });
        let waits_in_spawn = !thread.ends_or_sleeps() && !spawned.load(SeqCst);
        thread.returns(if waits_in_spawn {
            ("full-queue", "20000 tasks are spawned before `run` is called, and `spawn` waits for a place")
        } else {
            (
                "sleeps-on-work",
                "20000 tasks were ready before `run` was called; it has polled some of them, and sleeps with the \
                 others in the queue",
            )
        });
    });
}

/// Where a thread leaves a spawner for the grader.
type Left = Arc<Mutex<Option<Spawner>>>;

#[test]
fn is_woken_by_a_spawn_and_by_the_last_spawner() {
    grade!(RUN, |rec| {
        let (task, left) = (Script::new(rec, "task"), Left::default());
        let slot = Arc::clone(&left);
        let (tell, _told) = mpsc::channel();
        let thread = running(rec, move |spawner, _| *lock(&slot) = Some(spawner)).sleeps();
        let spawner = lock(&left).take();
        let spawner = spawner.expect("the thread has left it before it slept");
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
fn lets_nobody_starve() {
    grade_race!(RUN, |rec| {
        let mut turns = Turns::unheard(rec);
        let spin = |_: &Probe, cx: &mut Context<'_>| {
            cx.waker().wake_by_ref();
            Poll::Pending
        };
        let (_early, _handle) = turns.spawn_script("spinner", spin);
        let (calm, _calm) = turns.spawn("calm", 3);
        let (_late, _handle) = turns.spawn_script("late spinner", spin);
        for (polls, reason) in [
            (1, "it was spawned"),
            (2, "it was woken"),
            (3, "it was woken on another thread"),
        ] {
            for _ in 0..4 {
                turns.turn(PLENTY / 4);
            }
            if calm.polls() < polls {
                rec.fail(
                    "starvation",
                    format!(
                        "`calm` is ready since {reason}; {PLENTY} polls later it has not been polled: they all went \
                         to tasks that wake themselves"
                    ),
                );
            }
            if polls == 1 {
                turns.wake(&calm);
            } else {
                let woken = calm.clone();
                let _ = thread::spawn(move || woken.wake()).join();
            }
        }
    });
}

#[test]
fn a_panic_and_an_abort_take_nothing_along() {
    grade!(RUN, |rec| {
        let mut turns = Turns::unheard(rec);
        let (_, panicked) = turns.spawn_script("bomb", |_, _| std::panic::panic_any(PANIC));
        let (idle, aborted) = turns.spawn("idle", 9);
        let (other, done) = turns.spawn("other", 2);
        turns.turn(PLENTY);
        turns.must_be_polled(&other, 1);
        rec.note("abort `idle`");
        aborted.abort();
        turns.wake(&other);
        turns.turn(PLENTY);
        turns.must_be_polled(&other, 2);
        turns.drop_spawner();
        turns.must_be_done("one task has panicked, one was aborted, and one is done");
        must_be_dropped(rec, &idle, "it was aborted");
        for (name, handle) in [("bomb", panicked), ("idle", aborted), ("other", done)] {
            must_be_finished(rec, name, &handle);
        }
    });
}

/// More than any queue with a bound would hold.
const MANY: usize = 20_000;

/// How much may be left of so many tasks. What is kept of one takes a hundred bytes or more.
const SLACK: usize = MANY * 32;

/// Held by tests that take much memory or measure it: they may run side by side.
static MEMORY: Mutex<()> = Mutex::new(());

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
                drop(spawner.spawn(poll_fn(move |cx| {
                    lock(&wakers).push(cx.waker().clone());
                    Poll::<()>::Pending
                })));
            }
            let first = executor.turn(usize::MAX);
            drop(spawner.spawn(async move {
                let wakers = mem::take(&mut *lock(&wakers));
                wakers.into_iter().for_each(Waker::wake);
            }));
            (first, executor.turn(usize::MAX))
        });
        if polled != Some((MANY, MANY + 1)) {
            rec.fail(
                "woken-not-polled",
                format!(
                    "{MANY} tasks were spawned, and then one that woke them all, in one poll; the two turns made \
                     {polled:?} polls"
                ),
            );
        }
    });
}

#[test]
fn keeps_nothing_of_a_task_that_is_over() {
    grade_race!(RUN, |rec| {
        let _alone = lock(&MEMORY);
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        let mut kept_by_a_batch = || {
            let in_use = memory::in_use();
            for _ in 0..MANY {
                drop(spawner.spawn(yield_once()));
                executor.turn(PLENTY);
            }
            memory::in_use().saturating_sub(in_use)
        };
        let mut kept = kept_by_a_batch();
        for _ in 0..2 {
            // Other tests of this process may have taken it meanwhile; they do not each time.
            if kept > SLACK {
                kept = kept_by_a_batch();
            }
        }
        if kept > SLACK {
            rec.fail_reading(
                "run-until-the-work-is-done",
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
    poll_fn(|cx| {
        if mem::replace(&mut yielded, true) {
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
        rec.note("the executor is dropped, and then something is spawned");
        drop(turns.executor);
        let late = Probe::new(rec, "late");
        let spawner = turns.spawner.expect("nobody has dropped it");
        let late_handle = spawner.spawn(late.ready_at(1, ()));
        if !late.is_dropped() {
            rec.fail(
                "queued-after-the-end",
                "the executor is gone; what was spawned after that was not dropped, and lies in a queue into which \
                 nobody looks any more",
            );
        }
        for (probe, handle) in [(&waits, handle), (&loops, looped), (&queued, unpolled)] {
            must_be_dropped(rec, probe, "its executor is gone");
            must_be_cancelled(rec, probe.name(), handle, "its executor is gone");
        }
        rec.note("a late wake");
        waits.wake();
        must_be_cancelled(
            rec,
            "late",
            late_handle,
            "its executor was gone before it came",
        );
        if late.polls() + queued.polls() > 0 {
            rec.fail("eager", "a task was polled although its executor is gone");
        }
        rec.note("the last spawner and the last waker go");
        drop(spawner);
        waits.forget_waker();
        must_be_gone(rec, &turns.unpark.expect("it was listened to"));
    });
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
                    pending::<()>().await;
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
        let poll = Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop()));
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

#[test]
fn frees_a_task_where_no_lock_is_held() {
    grade_race!(RUN, |rec| {
        let (mut executor, spawner) = run::Executor::new(Waker::noop().clone());
        rec.note("a task is spawned, and done in its first poll");
        drop(spawner.spawn(async {}));
        executor.turn(PLENTY);
        drop((executor, spawner));
        if task::freed_under_lock() {
            rec.advise(
                "drops-under-lock",
                "the last waker of a task that was over was dropped while a lock was held, and took with it whatever \
                 was left in the task: it may be a result whose drop spawns",
            );
        }
    });
}

#[test]
fn a_wake_between_any_two_steps_of_a_turn_is_kept() {
    grade_race!(RUN, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for before in [Before::Idle, Before::New] {
            let mut skip = 0;
            while woken_while::a_turn(rec, before, skip) {
                skip += 1;
            }
        }
    });
}

#[test]
fn a_wake_between_any_two_steps_of_run_is_kept() {
    grade_race!(RUN, |rec| {
        let mut skip = 0;
        while woken_while::it_runs(rec, skip) {
            skip += 1;
        }
    });
}

#[test]
fn of_two_that_bring_work_at_once_one_wakes_the_thread() {
    grade_race!(RUN, |rec| {
        for first in [Brings::Wake, Brings::Spawn] {
            for second in [Brings::Wake, Brings::Spawn] {
                let mut skip = 0;
                while met::two_bring_work(rec, [first, second], skip) {
                    skip += 1;
                }
            }
        }
    });
}

#[test]
fn a_turn_between_any_two_steps_of_a_spawn_does_no_harm() {
    grade_race!(RUN, |rec| {
        let mut skip = 0;
        while met::a_turn_in_a_spawn(rec, skip) {
            skip += 1;
        }
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
            rec.fail_reading(
                "run-until-the-work-is-done",
                "ends-early",
                format!("`run` has returned, and {finished} of {TASKS} tasks are done"),
            );
        }
    });
}

/// Spawns a task, and wakes it from this thread for each of its polls.
fn echo(spawner: &Spawner, finished: &Arc<AtomicUsize>) {
    let (send, polls) = mpsc::channel::<Waker>();
    let (mut left, finished) = (ROUNDS, Arc::clone(finished));
    drop(spawner.spawn(poll_fn(move |cx| {
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
