//! The grader of `join_handle`: a result that comes before, after, or in the middle of a poll.

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`, and the task that it belongs to is the grader's.
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
#[cfg_attr(feature = "my-join-handle", path = "../exercises/join_handle.rs")]
#[cfg_attr(not(feature = "my-join-handle"), path = "../src/join_handle.rs")]
mod join_handle;
#[path = "support/join_races.rs"]
mod join_races;
#[allow(unreachable_pub, reason = "a library's module, in a program")]
#[path = "../src/joinable.rs"]
mod joinable;
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/scripted_task.rs"]
mod scripted_task;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use course::{Exercise, HostileWaker, Race, RecordedWaker, Recorder, Task, grade, grade_race};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{Executor, JoinError};
use join_handle::JoinHandle;
#[allow(unused_imports, reason = "for the graded file, instead of the layer's")]
use join_handle::JoinState;
use join_races::{ends_in_a_poll, polls};
#[allow(unused_imports, reason = "for the graded file, instead of the layer's")]
use joinable::Joinable;
use paths_from_std::advise_locks_of_the_course;
use rules::{lock, pending, ready};
use scripted_task::{OUTPUT, OVER, Outcome, RUNS, ScriptedTask, must_be_the_output};

const JOIN_HANDLE: Exercise = course::exercise!(
    "join_handle",
    stage = "03-executor",
    feature = "my-join-handle"
);

/// More steps than a poll or a `finish` has that does not spin.
const MOST_STEPS: usize = 100;

/// Where the file that is graded is read as text.
#[cfg(feature = "my-join-handle")]
const SOURCE: &str = include_str!("../exercises/join_handle.rs");
#[cfg(not(feature = "my-join-handle"))]
const SOURCE: &str = include_str!("../src/join_handle.rs");

#[test]
fn gives_what_the_task_leaves() {
    grade!(JOIN_HANDLE, |rec| {
        let ((task, mut handle), a) = (ScriptedTask::spawn(rec), rec.waker("A"));
        for _ in 0..2 {
            pending(rec, handle.poll(&a), RUNS);
            rec.must_be_quiet();
        }
        task.finish(Ok(OUTPUT));
        rec.must_wake("A", OVER);
        must_be_the_output(rec, ready(rec, handle.poll(&a), OVER));
    });
}

#[test]
fn finds_a_result_that_was_there_before() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, mut handle) = ScriptedTask::spawn(rec);
        task.finish(Ok(OUTPUT));
        must_be_the_output(rec, ready(rec, handle.poll(&rec.waker("A")), OVER));
    });
}

#[test]
fn gives_panics_and_cancellations_like_any_result() {
    grade!(JOIN_HANDLE, |rec| {
        let a = rec.waker("A");
        let (task, mut handle) = ScriptedTask::spawn(rec);
        pending(rec, handle.poll(&a), RUNS);
        task.finish(Err(JoinError::Panicked(Box::new("the payload"))));
        must_tell(rec);
        let result = ready(rec, handle.poll(&a), OVER);
        let payload = result.as_ref().err().and_then(|error| match error {
            JoinError::Panicked(payload) => payload.downcast_ref::<&str>(),
            JoinError::Cancelled => None,
        });
        if payload != Some(&"the payload") {
            rec.fail(
                "wrong-value",
                format!("the task panicked with \"the payload\", and the handle gives {result:?}"),
            );
        }
        let (task, mut handle) = ScriptedTask::spawn(rec);
        pending(rec, handle.poll(&a), RUNS);
        task.finish(Err(JoinError::Cancelled));
        must_tell(rec);
        must_be_cancelled(rec, &ready(rec, handle.poll(&a), OVER));
    });
}

fn must_be_cancelled(rec: &Recorder, result: &Outcome) {
    if !matches!(result, Err(JoinError::Cancelled)) {
        rec.fail(
            "wrong-value",
            format!("the task was cancelled, and the handle gives {result:?}"),
        );
    }
}

/// The rule that an end without an output is an end.
///
/// Fails with `silent-end`.
fn must_tell(rec: &Recorder) {
    if rec.wakes_since_note("A") == 0 {
        rec.fail(
            "silent-end",
            "the task ended without an output, and whoever waits for it with waker A was not woken",
        );
    }
}

#[test]
fn wakes_the_latest_waker() {
    grade!(JOIN_HANDLE, lesson, |rec| {
        let (task, mut handle) = ScriptedTask::spawn(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, handle.poll(&a), RUNS);
        pending(rec, handle.poll(&b), RUNS);
        rec.must_be_quiet();
        task.finish(Ok(OUTPUT));
        rec.must_wake("B", OVER);
        must_be_the_output(rec, ready(rec, handle.poll(&b), OVER));
    });
}

#[test]
fn wakes_the_latest_waker_also_if_it_comes_back() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, mut handle) = ScriptedTask::spawn(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &b, &a] {
            pending(rec, handle.poll(waker), RUNS);
            rec.must_be_quiet();
        }
        task.finish(Ok(OUTPUT));
        rec.must_wake("A", OVER);
        must_be_the_output(rec, ready(rec, handle.poll(&a), OVER));
    });
}

#[test]
fn is_finished_from_the_end_of_its_task_on() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, mut handle) = ScriptedTask::new(rec);
        must_be_finished(rec, &handle, false, RUNS);
        task.finish(Ok(OUTPUT));
        for _ in 0..2 {
            must_be_finished(rec, &handle, true, OVER);
        }
        let result = poll(rec, &mut handle, &rec.waker("A"));
        must_be_the_output(rec, ready(rec, result, OVER));
        if !handle.is_finished() {
            rec.fail(
                "forgets-the-end",
                "`is_finished` said true, then the result was given out, and now it says false",
            );
        }
    });
}

/// Polls a handle that is needed for other things too.
fn poll(rec: &Recorder, handle: &mut JoinHandle<u32>, waker: &RecordedWaker) -> Poll<Outcome> {
    let mut cx = Context::from_waker(waker.as_waker());
    rec.poll(
        waker.name(),
        || Pin::new(handle).poll(&mut cx),
        |poll| match poll {
            Poll::Ready(result) => Some(format!("{result:?}")),
            Poll::Pending => None,
        },
    )
}

fn must_be_finished(rec: &Recorder, handle: &JoinHandle<u32>, right: bool, because: &str) {
    if handle.is_finished() != right {
        rec.fail(
            if right { "silent-end" } else { "early-ready" },
            format!("`is_finished` says {}, although {because}", !right),
        );
    }
}

#[test]
fn an_abort_goes_to_the_task() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, handle) = ScriptedTask::new(rec);
        handle.abort();
        if task.aborts() == 0 {
            rec.fail(
                "ignored-abort",
                "`abort` was called, and the task was not asked for its end",
            );
        }
        let (mut handle, a) = (Task::new(rec, handle), rec.waker("A"));
        // The task has not ended yet, and may still end in another way.
        pending(rec, handle.poll(&a), "the task was only asked for its end");
        task.finish(Ok(OUTPUT));
        rec.must_wake("A", OVER);
        must_be_the_output(rec, ready(rec, handle.poll(&a), OVER));
    });
}

#[test]
fn who_waits_hears_of_an_abort() {
    grade!(JOIN_HANDLE, |rec| {
        let ((task, mut handle), a) = (ScriptedTask::new(rec), rec.waker("A"));
        pending(rec, poll(rec, &mut handle, &a), RUNS);
        rec.note("the task is aborted");
        handle.abort();
        task.finish(Err(JoinError::Cancelled));
        must_tell(rec);
        must_be_cancelled(rec, &ready(rec, poll(rec, &mut handle, &a), OVER));
    });
}

#[test]
fn a_dropped_handle_lets_its_task_go_on() {
    grade!(JOIN_HANDLE, |rec| {
        for polled in [false, true] {
            let (task, mut handle) = ScriptedTask::spawn(rec);
            if polled {
                pending(rec, handle.poll(&rec.waker("A")), RUNS);
            }
            rec.note("the handle is dropped");
            drop(handle);
            if task.aborts() > 0 {
                rec.fail(
                    "aborts-in-drop",
                    "the handle was dropped, and has asked the task for its end",
                );
            }
            task.finish(Ok(OUTPUT));
        }
    });
}

#[test]
fn a_dropped_handle_keeps_nothing() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, mut handle) = ScriptedTask::spawn(rec);
        let a = rec.waker("A");
        pending(rec, handle.poll(&a), RUNS);
        rec.note("the handle is dropped");
        drop(handle);
        must_be_released(rec, &a, "the handle was dropped, and its task still runs");
        if Arc::strong_count(&task) > 1 {
            rec.fail(
                "leaked-reference",
                "the handle was dropped, and a reference to its task is left",
            );
        }
        let (task, mut handle) = ScriptedTask::spawn(rec);
        pending(rec, handle.poll(&a), RUNS);
        task.finish(Ok(OUTPUT));
        must_be_the_output(rec, ready(rec, handle.poll(&a), OVER));
        drop(handle);
        must_be_released(rec, &a, "the result was given out, and the handle dropped");
    });
}

fn must_be_released(rec: &Recorder, waker: &RecordedWaker, when: &str) {
    if waker.clones_alive() > 0 {
        rec.fail(
            "keeps-task-alive",
            format!("{when}; a waker of whoever waited for it is still there"),
        );
    }
}

/// Whether the handle was polled before, and whether its task tells that it surely is not over.
const SCENES: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

#[test]
fn misses_no_end_that_comes_while_the_waker_is_cloned() {
    grade_race!(JOIN_HANDLE, |rec| {
        for scene in SCENES {
            ends_in_a_poll(rec, |rival, waker| waker.on_clone(rival).build(), scene);
        }
    });
}

#[test]
fn misses_no_end_that_comes_between_two_steps_of_a_poll() {
    grade_race!(JOIN_HANDLE, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for scene in SCENES {
            for skip in 0..MOST_STEPS {
                rec.note(format!(
                    "once more: the task ends at step {skip} of the poll"
                ));
                let force = |rival: Box<dyn Fn() + Send + Sync>, waker: HostileWaker| {
                    steps::ambush(skip, rival);
                    waker.build()
                };
                if !ends_in_a_poll(rec, force, scene) {
                    break;
                }
            }
        }
    });
}

#[test]
fn who_is_woken_finds_the_result() {
    grade_race!(JOIN_HANDLE, |rec| {
        let (task, handle) = ScriptedTask::spawn(rec);
        let (race, handle, found) = (
            Race::certain(),
            Arc::new(Mutex::new(handle)),
            Arc::default(),
        );
        let rival = race.once(polls(rec, &handle, &found));
        let first = rec.hostile_waker("A").on_wake(rival).build();
        pending(rec, lock(&handle).poll(&first), RUNS);
        task.finish(Ok(OUTPUT));
        race.finish();
        match lock(&found).take() {
            None => rec.must_wake("A", OVER),
            Some(Poll::Ready(result)) => must_be_the_output(rec, result),
            Some(Poll::Pending) => rec.fail(
                "wake-before-flag",
                "the task ended; whoever waited for it was woken and polled at once, within the wake, and found \
                 the handle still Pending",
            ),
        }
        if race.was_blocked() {
            rec.advise(
                "wakes-under-lock",
                "a poll from within the wake had to wait until the wake was over",
            );
        }
    });
}

#[test]
fn a_poll_between_two_steps_of_the_end_is_not_forgotten() {
    grade_race!(JOIN_HANDLE, |rec| {
        for skip in 0..MOST_STEPS {
            rec.note(format!(
                "once more: the poll comes at step {skip} of `finish`"
            ));
            let (task, handle) = ScriptedTask::spawn(rec);
            let (race, handle, found) = (Race::new(), Arc::new(Mutex::new(handle)), Arc::default());
            pending(rec, lock(&handle).poll(&rec.waker("A")), RUNS);
            let wakes = rec.wakes("B");
            steps::ambush(skip, race.once(polls(rec, &handle, &found)));
            task.finish(Ok(OUTPUT));
            steps::call_off();
            race.finish();
            match lock(&found).take() {
                None => break,
                Some(Poll::Ready(result)) => must_be_the_output(rec, result),
                Some(Poll::Pending) if rec.wakes("B") > wakes => {}
                Some(Poll::Pending) => rec.fail(
                    "stale-waker",
                    "the handle was polled with waker B while `finish` was at work and held no lock; the poll \
                     answered Pending, and B was not woken when `finish` went on",
                ),
            }
        }
    });
}

#[test]
fn wakers_are_dropped_where_no_lock_is_held() {
    grade_race!(JOIN_HANDLE, |rec| {
        for replaced in [true, false] {
            let (task, mut handle) = ScriptedTask::spawn(rec);
            let race = Race::certain();
            // The last waker of a task may take the task with it: here, it ends the other one's work.
            let ends = race.once(move || task.finish_quietly(Ok(OUTPUT)));
            let first = rec.hostile_waker("A").on_drop(ends).build();
            pending(rec, handle.poll(&first), RUNS);
            if replaced {
                let _ = handle.poll(&rec.waker("B"));
            }
            drop(handle);
            race.finish();
            if race.was_blocked() {
                rec.advise(
                    "drops-under-lock",
                    "the waker of an earlier poll was dropped while a lock was held: `finish`, called from within \
                     that drop on another thread, had to wait",
                );
            }
        }
    });
}

/// How often an executor polls the few tasks below, at the very most.
const MOST_TURNS: usize = 100;

#[test]
fn joins_tasks_on_an_executor() {
    grade!(JOIN_HANDLE, |rec| {
        let (mut executor, spawner) = Executor::new(Waker::noop().clone());
        let value = spawner.spawn(async { OUTPUT });
        let panics = spawner.spawn(async { std::panic::panic_any("a task panics") });
        let aborted = spawner.spawn(std::future::pending::<()>());
        let all = spawner.spawn(async move {
            let value = value.await;
            let panicked: Result<(), _> = panics.await;
            aborted.abort();
            (value, panicked, aborted.await)
        });
        drop(spawner);
        for _ in 0..MOST_TURNS {
            executor.turn(1);
        }
        if !executor.is_done() || !all.is_finished() {
            rec.fail(
                "silent-end",
                "a task waited for three others: a value, a panic and an abort; nobody is ready any more, and it \
                 still waits",
            );
        }
        drop(all);
        rec.note("three tasks were waited for: a value, a panic and an abort");
    });
}
