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
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
};

use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{JoinError, new_executor_and_spawner};
use join_handle::{JoinHandle, JoinState};
use joinable::Joinable;
use paths_from_std::advise_locks_of_the_course;
use rules::{lock, pending, ready};

const JOIN_HANDLE: Exercise = course::exercise!(
    "join_handle",
    stage = "03-executor",
    feature = "my-join-handle"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-join-handle")]
const SOURCE: &str = include_str!("../exercises/join_handle.rs");
#[cfg(not(feature = "my-join-handle"))]
const SOURCE: &str = include_str!("../src/join_handle.rs");

/// Complete "… although".
const RUNS: &str = "the task has no result yet";
const OVER: &str = "the task has its result";

/// What tasks here give.
const OUTPUT: u32 = 7;

type Outcome = Result<u32, JoinError>;
type Handle = Task<JoinHandle<u32>>;

/// A task that ends when the grader says so.
struct Scripted {
    rec: Recorder,
    state: JoinState<u32>,
    aborts: AtomicUsize,
}

impl Joinable<u32> for Scripted {
    fn join_state(&self) -> &JoinState<u32> {
        &self.state
    }

    fn abort(self: Arc<Self>) {
        self.rec.called("abort()");
        self.aborts.fetch_add(1, SeqCst);
    }
}

impl Scripted {
    /// A task, and its handle.
    fn spawn(rec: &Recorder) -> (Arc<Self>, JoinHandle<u32>) {
        let task = Arc::new(Scripted {
            rec: rec.clone(),
            state: JoinState::new(),
            aborts: AtomicUsize::new(0),
        });
        let handle = JoinHandle::new(Arc::clone(&task) as Arc<dyn Joinable<u32>>);
        (task, handle)
    }

    fn finish(&self, result: Outcome) {
        self.rec.note(format!("finish({result:?})"));
        self.state.finish(result);
    }
}

/// More steps than a poll of a handle has, whatever its design.
const TOO_MANY_STEPS: usize = 10_000;

fn spawn(rec: &Recorder) -> (Arc<Scripted>, Handle) {
    let (watching, steps) = (rec.clone(), Cell::new(0));
    steps::watch(move || {
        steps.set(steps.get() + 1);
        if steps.get() > TOO_MANY_STEPS {
            watching.fail(
                "blocking-poll",
                format!(
                    "the code under test has locked and looked {TOO_MANY_STEPS} times and does not return, while \
                     nothing changes"
                ),
            );
        }
    });
    let (task, handle) = Scripted::spawn(rec);
    (task, Task::new(rec, handle))
}

/// The rule that the handle gives what the task has left.
fn must_be_the_output(rec: &Recorder, result: Outcome) {
    if !matches!(result, Ok(OUTPUT)) {
        rec.fail(
            "wrong-value",
            format!("the task left Ok({OUTPUT}), and the handle gives {result:?}"),
        );
    }
}

#[test]
fn gives_what_the_task_leaves() {
    grade!(JOIN_HANDLE, |rec| {
        let ((task, mut handle), a) = (spawn(rec), rec.waker("A"));
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
        let (task, mut handle) = spawn(rec);
        task.finish(Ok(OUTPUT));
        must_be_the_output(rec, ready(rec, handle.poll(&rec.waker("A")), OVER));
    });
}

#[test]
fn gives_panics_and_cancellations_like_any_result() {
    grade!(JOIN_HANDLE, |rec| {
        let a = rec.waker("A");
        let (task, mut handle) = spawn(rec);
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
        let (task, mut handle) = spawn(rec);
        pending(rec, handle.poll(&a), RUNS);
        task.finish(Err(JoinError::Cancelled));
        must_tell(rec);
        let result = ready(rec, handle.poll(&a), OVER);
        if !matches!(result, Err(JoinError::Cancelled)) {
            rec.fail(
                "wrong-value",
                format!("the task was cancelled, and the handle gives {result:?}"),
            );
        }
    });
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
        let (task, mut handle) = spawn(rec);
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
        let (task, mut handle) = spawn(rec);
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
        let (task, mut handle) = Scripted::spawn(rec);
        must_be_finished(rec, &handle, false, RUNS);
        task.finish(Ok(OUTPUT));
        for _ in 0..2 {
            must_be_finished(rec, &handle, true, OVER);
        }
        // By hand: the handle is needed after it.
        let waker = rec.waker("A");
        let mut cx = std::task::Context::from_waker(waker.as_waker());
        let poll = std::pin::Pin::new(&mut handle).poll(&mut cx);
        must_be_the_output(rec, ready(rec, poll, OVER));
        must_be_finished(
            rec,
            &handle,
            true,
            "the task is over, and its result was given out",
        );
    });
}

fn must_be_finished(rec: &Recorder, handle: &JoinHandle<u32>, right: bool, because: &str) {
    if handle.is_finished() != right {
        rec.fail(
            if right { "never-ready" } else { "early-ready" },
            format!("`is_finished` says {}, although {because}", !right),
        );
    }
}

#[test]
fn an_abort_goes_to_the_task() {
    grade!(JOIN_HANDLE, |rec| {
        let (task, handle) = Scripted::spawn(rec);
        handle.abort();
        if task.aborts.load(SeqCst) == 0 {
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
fn a_dropped_handle_lets_its_task_go_on() {
    grade!(JOIN_HANDLE, |rec| {
        for polled in [false, true] {
            let (task, mut handle) = spawn(rec);
            if polled {
                pending(rec, handle.poll(&rec.waker("A")), RUNS);
            }
            rec.note("the handle is dropped");
            drop(handle);
            if task.aborts.load(SeqCst) > 0 {
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
        let (task, mut handle) = spawn(rec);
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
        let (task, mut handle) = spawn(rec);
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

/// Has the task end in the middle of a poll, on a second thread, and judges. `force` leads the rival to
/// its moment. Tells whether there was such a moment.
fn ends_in_a_poll(
    rec: &Recorder,
    force: impl FnOnce(Box<dyn Fn() + Send + Sync>, course::HostileWaker) -> RecordedWaker,
    before: bool,
) -> bool {
    let (race, (task, mut handle)) = (Race::new(), spawn(rec));
    if before {
        pending(rec, handle.poll(&rec.waker("A")), RUNS);
    }
    let rival = race.once(move || task.finish(Ok(OUTPUT)));
    let latest = force(Box::new(rival), rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let poll = handle.poll(&latest);
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    match poll {
        Poll::Ready(result) => must_be_the_output(rec, result),
        Poll::Pending if rec.wakes("B") == wakes => rec.fail(
            "check-then-register",
            "the task ended in the middle of the poll with waker B; the poll answered Pending, and nobody \
             woke B",
        ),
        Poll::Pending => must_be_the_output(rec, ready(rec, handle.poll(&latest), OVER)),
    }
    true
}

#[test]
fn misses_no_end_that_comes_while_the_waker_is_cloned() {
    grade_race!(JOIN_HANDLE, |rec| {
        for before in [false, true] {
            ends_in_a_poll(rec, |rival, waker| waker.on_clone(rival).build(), before);
        }
    });
}

#[test]
fn misses_no_end_that_comes_between_two_steps_of_a_poll() {
    grade_race!(JOIN_HANDLE, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for before in [false, true] {
            for skip in 0.. {
                let force = |rival: Box<dyn Fn() + Send + Sync>, waker: course::HostileWaker| {
                    steps::ambush(skip, rival);
                    waker.build()
                };
                if !ends_in_a_poll(rec, force, before) {
                    break;
                }
            }
        }
    });
}

/// A handle that two threads can poll.
type Shared = Arc<Mutex<Handle>>;

/// Polls with waker B, and keeps what comes.
fn polls(
    rec: &Recorder,
    handle: &Shared,
    found: &Arc<Mutex<Option<Poll<Outcome>>>>,
) -> impl Fn() + Send + Sync + use<> {
    let (rec, handle, found) = (rec.clone(), Arc::clone(handle), Arc::clone(found));
    move || {
        let poll = lock(&handle).poll(&rec.waker("B"));
        *lock(&found) = Some(poll);
    }
}

#[test]
fn who_is_woken_finds_the_result() {
    grade_race!(JOIN_HANDLE, |rec| {
        let (task, handle) = spawn(rec);
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
        for skip in 0.. {
            let (task, handle) = spawn(rec);
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
            let (task, mut handle) = spawn(rec);
            let race = Race::certain();
            // The last waker of a task may take the task with it: here, it ends the other one's work.
            let ends = race.once(move || task.state.finish(Ok(OUTPUT)));
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

#[test]
fn joins_tasks_on_an_executor() {
    grade!(JOIN_HANDLE, |rec| {
        let (mut executor, spawner) = new_executor_and_spawner();
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
        executor.run();
        if !all.is_finished() {
            rec.fail(
                "silent-end",
                "`run` returned, and a task that waited for the others is not done",
            );
        }
        drop(all);
        rec.note("three tasks were waited for: a value, a panic and an abort");
    });
}
