//! The grader of `yield_now`: Pending once, with a wake, so that the others have a turn.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Poll, Waker},
};

use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race};
use executor::{Executor, yield_now};

const YIELD_NOW: Exercise =
    course::exercise!("yield_now", stage = "03-executor", feature = "my-yield-now");

/// Where the chapter explains what goes wrong here.
const SECTION: &str = "let-the-others-run";

/// How often a future may be Pending: once is enough, and for ever is too long.
const MOST_PENDINGS: usize = 5;

/// Polls a `yield_now` that has to be Pending, and has to have woken.
///
/// Fails with `does-not-yield`, `lost-wakeup` or `stale-waker`.
fn must_yield<F: Future<Output = ()>>(rec: &Recorder, task: &mut Task<F>, waker: &RecordedWaker) {
    let poll = task.poll(waker);
    must_be_pending(rec, poll);
    must_have_woken(rec, waker);
}

fn must_be_pending(rec: &Recorder, poll: Poll<()>) {
    if poll.is_ready() {
        rec.fail_reading(SECTION,
            "does-not-yield",
            "the first poll answered Ready: the task goes on at once, and nobody else has had a turn",
        );
    }
}

/// Polls on until it is Ready. Each Pending on the way has to have woken.
///
/// Fails with `never-ready`, `lost-wakeup` or `stale-waker`.
fn must_go_on<F: Future<Output = ()>>(rec: &Recorder, task: &mut Task<F>, waker: &RecordedWaker) {
    for _ in 0..MOST_PENDINGS {
        if task.poll(waker).is_ready() {
            return;
        }
        must_have_woken(rec, waker);
    }
    rec.fail_reading(
        SECTION,
        "never-ready",
        format!(
            "the others have had their turn {MOST_PENDINGS} times, and it still answers Pending"
        ),
    );
}

/// The rule that a poll which answered Pending has woken the waker that it was given.
///
/// Fails with `lost-wakeup` or `stale-waker`.
fn must_have_woken(rec: &Recorder, waker: &RecordedWaker) {
    let woken = waker.name();
    if rec.wakes_since_note(woken) > 0 {
        return;
    }
    let other = ["A", "B"]
        .iter()
        .find(|name| rec.wakes_since_note(name) > 0);
    match other {
        Some(other) => rec.fail_reading(
            SECTION,
            "stale-waker",
            format!("the task was last polled with waker {woken}, and waker {other} was woken"),
        ),
        None => rec.fail_reading(
            SECTION,
            "lost-wakeup",
            format!(
                "it answered Pending, and has not woken waker {woken}: it waits for nothing but the end of its turn, \
                 and nobody else will wake it"
            ),
        ),
    }
}

#[test]
fn is_pending_once_and_wakes_its_task() {
    grade!(YIELD_NOW, |rec| {
        let (mut task, a) = (Task::new(rec, yield_now()), rec.waker("A"));
        must_yield(rec, &mut task, &a);
        rec.note("the others have their turn");
        must_go_on(rec, &mut task, &a);
    });
}

#[test]
fn does_nothing_before_its_first_poll() {
    grade!(YIELD_NOW, |rec| {
        let (first, second) = (yield_now(), yield_now());
        let mut first = Task::named(rec, "first", first);
        let mut second = Task::named(rec, "second", second);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        must_yield(rec, &mut first, &a);
        // Whatever the first one has left behind: this one has not yielded yet.
        must_yield(rec, &mut second, &b);
        rec.note("the others have their turn");
        must_go_on(rec, &mut first, &a);
        must_go_on(rec, &mut second, &b);
        rec.note("the same task yields again");
        let mut again = Task::named(rec, "again", yield_now());
        must_yield(rec, &mut again, &a);
        rec.note("the others have their turn");
        must_go_on(rec, &mut again, &a);
    });
}

#[test]
fn wakes_the_waker_of_the_latest_poll() {
    grade!(YIELD_NOW, |rec| {
        let (mut task, a, b) = (Task::new(rec, yield_now()), rec.waker("A"), rec.waker("B"));
        must_yield(rec, &mut task, &a);
        rec.note("the future moves to task B");
        must_go_on(rec, &mut task, &b);
    });
}

#[test]
fn keeps_no_waker() {
    grade!(YIELD_NOW, |rec| {
        let (mut task, a) = (Task::new(rec, yield_now()), rec.waker("A"));
        must_yield(rec, &mut task, &a);
        drop(task);
        if a.clones_alive() > 0 {
            rec.fail_reading(
                SECTION,
                "keeps-task-alive",
                format!(
                    "the future was dropped, and {} of its task's wakers are still there",
                    a.clones_alive()
                ),
            );
        }
    });
}

/// How often the tasks of the tests below yield.
const TURNS: usize = 3;

/// A log that tasks write into.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    /// Fails with `does-not-yield` if somebody writes on and on: he never lets go of the thread.
    fn write(&self, rec: &Recorder, name: &'static str) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(name);
        let in_a_row = log.iter().rev().take_while(|entry| **entry == name).count();
        drop(log);
        rec.note(name);
        if in_a_row > TURNS + MOST_PENDINGS {
            rec.fail_reading(
                SECTION,
                "does-not-yield",
                format!("{name} has had {in_a_row} turns in a row, while other tasks were ready"),
            );
        }
    }

    fn read(&self) -> Vec<&'static str> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[test]
fn two_tasks_that_yield_alternate() {
    grade!(YIELD_NOW, lesson, |rec| {
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        let log = Log::default();
        for name in ["ping", "pong"] {
            let (log, rec) = (log.clone(), rec.clone());
            drop(spawner.spawn(async move {
                for _ in 0..TURNS {
                    log.write(&rec, name);
                    yield_now().await;
                }
            }));
        }
        drop(spawner);
        must_end(rec, &mut executor, 2 * (TURNS + 1));
        let log = log.read();
        if log.windows(2).any(|pair| pair[0] == pair[1]) {
            rec.fail_reading(
                SECTION,
                "does-not-yield",
                format!(
                    "two tasks yield after each line, and the lines are: {}",
                    log.join(" ")
                ),
            );
        }
    });
}

#[test]
fn a_third_task_has_its_turn() {
    grade_race!(YIELD_NOW, |rec| {
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        let (log, stop) = (Log::default(), Arc::new(AtomicBool::new(false)));
        for name in ["one", "two"] {
            let (log, rec, stop) = (log.clone(), rec.clone(), Arc::clone(&stop));
            drop(spawner.spawn(async move {
                while !stop.load(SeqCst) {
                    log.write(&rec, name);
                    yield_now().await;
                }
            }));
        }
        for _ in 0..TURNS {
            executor.turn(2);
        }
        let theirs = Arc::clone(&stop);
        drop(spawner.spawn(async move { theirs.store(true, SeqCst) }));
        drop(spawner);
        // Three tasks: nobody waits for more than a few turns of the others.
        for _ in 0..10 * MOST_PENDINGS {
            executor.turn(1);
        }
        if !stop.load(SeqCst) {
            rec.fail_reading(
                SECTION,
                "does-not-yield",
                "a third task was spawned, and never had a turn while the other two went on",
            );
        }
        // They have been told to stop.
        must_end(rec, &mut executor, 3);
    });
}

#[test]
fn goes_on_at_once_if_there_is_nobody_else() {
    grade_race!(YIELD_NOW, |rec| {
        const YIELDS: usize = 1000;
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        drop(spawner.spawn(async {
            for _ in 0..YIELDS {
                yield_now().await;
            }
        }));
        drop(spawner);
        must_end(rec, &mut executor, YIELDS + 1);
    });
}

/// The rule that tasks which only yield come to an end by themselves. `polls` is how many it takes where
/// each is Pending once.
///
/// Fails with `lost-wakeup` or `never-ready`.
fn must_end(rec: &Recorder, executor: &mut Executor, polls: usize) {
    for _ in 0..MOST_PENDINGS * polls {
        executor.turn(1);
    }
    if executor.is_done() {
        return;
    }
    if executor.has_ready() {
        rec.fail_reading(
            SECTION,
            "never-ready",
            "the tasks have been polled often enough, and they still yield",
        );
    }
    rec.fail_reading(
        SECTION,
        "lost-wakeup",
        "a task has yielded and nobody has woken it: no task is ready, and not all are done",
    );
}
