//! The grader of `thread_pool`: work is shared, a panic costs nothing, and the end is an end.

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/calm.rs"]
mod calm;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/pool_ends.rs"]
mod pool_ends;
#[path = "support/pool_races.rs"]
mod pool_races;
#[path = "support/pool_scene.rs"]
mod pool_scene;
#[path = "support/probe.rs"]
mod probe;
#[path = "support/rules.rs"]
mod rules;
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod wait_steps;
}
#[path = "support/workers.rs"]
mod workers;

// The learner's file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's, but for those that name it.
#[cfg(feature = "my-thread-pool")]
#[path = "support/pool_context.rs"]
mod context;
#[cfg(feature = "my-thread-pool")]
#[path = "../src/lock.rs"]
#[allow(dead_code, reason = "not every pool uses it")]
mod lock;
#[cfg(feature = "my-thread-pool")]
#[path = "support/waiting_sync.rs"]
mod sync;
#[cfg(feature = "my-thread-pool")]
#[path = "../exercises/thread_pool.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod thread_pool;

// The layer's pool is made of several modules, and has tests of its own.
#[cfg(not(feature = "my-thread-pool"))]
mod thread_pool {
    pub(crate) use executor::ThreadPool;
}

use std::{
    future::pending,
    sync::{Arc, mpsc},
    task::Poll,
    thread,
};

use awaited::{fail, must, must_come, must_give, must_panic, output, panic_with, returns, value};
use calm::{Wait, alone};
use course::{Exercise, grade, grade_race, memory};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use paths_from_std::advise_locks_of_the_course;
use pool_scene::{
    Meeting, NOT_RUN, Pool, must_be_cancelled, must_be_dropped, must_have_ended, nothing,
};
use probe::Probe;
use workers::Workers;

const THREAD_POOL: Exercise = course::exercise!(
    "thread_pool",
    stage = "03-executor",
    feature = "my-thread-pool"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-thread-pool")]
const SOURCE: &str = include_str!("../exercises/thread_pool.rs");
#[cfg(not(feature = "my-thread-pool"))]
const SOURCE: &str = include_str!("../src/thread_pool.rs");

/// Where the chapter explains all this.
const SECTION: &str = "many-threads";

#[test]
fn runs_a_task_on_a_thread_of_its_own() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let there = value(rec, pool.spawn(async { thread::current().id() }), NOT_RUN);
        let seen = "the task ran on the thread that spawned it";
        must(rec, there != thread::current().id(), ("runs-inline", seen));
        let text = String::from("a borrowed word");
        must_give(
            rec,
            pool.handle().spawn(async move { text.len() }),
            15,
            NOT_RUN,
        );
    });
}

#[test]
fn a_task_that_waits_goes_on_when_it_is_woken() {
    grade!(THREAD_POOL, lesson, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let task = Probe::new(rec, "task");
        rec.note("the pool is given a task");
        let handle = pool.spawn(task.ready_at(2, 7));
        must_come(rec, || task.polls() > 0, NOT_RUN);
        // On the same thread: the poll before it is over.
        pool.run_another();
        rec.note("another thread wakes the task");
        let waker = task.waker();
        thread::spawn(move || waker.map(|waker| waker.wake()));
        let seen =
            "another thread woke the task, every thread sleeps, and the task was not polled again";
        let value = value(rec, handle, ("woken-not-polled", seen));
        rec.note(format!("the handle gives {value}"));
    });
}

#[test]
fn as_many_tasks_as_threads_run_at_once() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const THREADS: usize = 4;
        let pool = Pool::new(rec, THREADS);
        // Twice: who starts its threads late has them by then.
        for _ in 0..2 {
            let meeting = Meeting::of(THREADS);
            let first = pool.spawn(meeting.clone().attend());
            must_come(rec, || meeting.arrived() > 0, NOT_RUN);
            let rest = {
                let pool = Arc::clone(&pool);
                let attend = move |_| pool.spawn(meeting.clone().attend());
                move || (1..THREADS).map(attend).collect::<Vec<_>>()
            };
            let seen = "`spawn` does not return while a task of the pool is in its poll: the poll holds a lock \
                        that `spawn` needs";
            let rest = returns(rec, rest, ("polls-under-lock", seen));
            let seen = "four tasks wait for each other in a pool of four threads, and they never meet: \
                        not all of them are run at the same time";
            for handle in rest.into_iter().chain([first]) {
                value(rec, handle, ("idle-worker", seen));
            }
        }
    });
}

#[test]
fn an_idle_worker_takes_what_a_busy_one_leaves() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 2);
        let (release, gate) = mpsc::channel::<()>();
        let busy = pool.spawn(async move { gate.recv().is_err() });
        let seen = "one of two workers is in a long poll, the other sleeps, and a task that was spawned \
                    is run by neither";
        for _ in 0..8 {
            value(rec, pool.spawn(nothing()), ("idle-worker", seen));
        }
        drop(release);
        value(rec, busy, NOT_RUN);

        // Woken from a poll that does not end before the woken task has run.
        let woken = Probe::new(rec, "woken");
        let waits = pool.spawn(woken.ready_at(2, ()));
        must_come(rec, || woken.waker().is_some(), NOT_RUN);
        pool.run_another();
        let wakes = pool.spawn(async move {
            woken.wake();
            let (tell, told) = mpsc::channel();
            thread::spawn(move || block_on(waits).map(|()| tell.send(())));
            told.recv().is_ok()
        });
        let seen = "a task wakes another one in its poll, and waits there until that one has run; the other \
                    worker sleeps, and does not run it";
        must_give(rec, wakes, true, ("idle-worker", seen));
    });
}

#[test]
fn calls_start_on_each_worker_before_its_first_task() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const THREADS: usize = 3;
        let workers = Workers::new();
        let pool = Pool::of(rec, workers.pool(THREADS));
        let meeting = Meeting::of(THREADS);
        let handles = [(); THREADS].map(|()| {
            let together = meeting.clone().attend();
            pool.spawn(async move {
                let started = Workers::has_started();
                together.await;
                started
            })
        });
        for handle in handles {
            let seen = "a task was polled on a thread on which `start` had not been called";
            must(rec, value(rec, handle, NOT_RUN), ("no-start", seen));
        }
        let calls = workers.started();
        let seen = format!(
            "`start` was called {} in a pool of {THREADS} threads",
            rules::count(calls, "time")
        );
        must(rec, calls == THREADS, ("no-start", &seen));
    });
}

#[test]
fn tasks_can_spawn_tasks() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let handle = pool.handle();
        let by_handle = pool.spawn(async move { handle.spawn(async { 7 }).await.ok() });
        must_give(rec, by_handle, Some(7), NOT_RUN);
        let by_context = pool.spawn(async {
            let inner = executor::spawn(async { thread::current().id() });
            inner.await.ok() == Some(thread::current().id())
        });
        match output(rec, by_context, NOT_RUN) {
            Ok(true) => {}
            Ok(false) => {
                let seen = "a task that a task spawned ran somewhere else, or was lost";
                fail(rec, "wrong-value", seen)
            }
            Err(error) => {
                let seen = format!("a task called `executor::spawn`, and the answer was: {error}");
                fail(rec, "no-context", seen)
            }
        }
    });
}

#[test]
fn a_task_is_kept_whole_between_two_workers() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 2);
        let task = Probe::new(rec, "task");
        let (release, gate) = mpsc::channel::<()>();
        let run = pool.spawn(task.future(move |probe, cx| {
            if probe.polls() > 1 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            probe.keep_waker(cx);
            let _ = gate.recv();
            Poll::Pending
        }));
        must_come(rec, || task.waker().is_some(), NOT_RUN);
        // By the time this has run, the other worker has come past the wake; if it has not run by then, that
        // worker waits for the poll to end, which is right too.
        let other = pool.spawn(nothing());
        let _ = calm::until(|| other.is_finished());
        drop(release);
        let seen = "the task was woken in its own poll, while the other worker was free; after the poll, \
                    which answered Pending, nobody has polled it again";
        value(rec, run, ("lost-in-poll", seen));
        value(rec, other, NOT_RUN);
        task.forget_waker();
    });
}

#[test]
fn panics_cost_no_worker() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const THREADS: usize = 2;
        let pool = Pool::new(rec, THREADS);
        for _ in 0..=THREADS {
            let handle: JoinHandle<()> = pool.spawn(async { panic_with("enough") });
            let seen = "a task panicked, every thread sleeps, and its handle has had no answer";
            must_panic(rec, handle, "enough", ("escaped-panic", seen));
        }
        let meeting = Meeting::of(THREADS);
        for handle in [(); THREADS].map(|()| pool.spawn(meeting.clone().attend())) {
            let seen = "three tasks panicked in a pool of two threads, and after that two tasks that wait for \
                        each other never meet: a worker is gone";
            value(rec, handle, ("escaped-panic", seen));
        }
    });
}

#[test]
fn idle_workers_sleep() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 2);
        let rests = |when: &str| {
            let seen =
                format!("{when} a worker does not sleep, or gets up again and again for nothing");
            must(rec, calm::rest() != Wait::Busy, ("busy-loop", &seen));
        };
        rests("before its first task");
        pool.run_another();
        rests("after its last task");
        drop(pool.spawn(pending::<()>()));
        pool.run_another();
        rests("while a task waits");
    });
}

#[test]
fn finished_tasks_leave_nothing_behind() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const TASKS: usize = 1000;
        const MOST_EACH: usize = 48;
        let pool = Pool::new(rec, 1);
        let one_after_the_other = || {
            for _ in 0..TASKS {
                let _ = futures::executor::block_on(pool.spawn(nothing()));
            }
        };
        // Once, so that everything is as big as it has to be.
        one_after_the_other();
        let before = memory::in_use();
        one_after_the_other();
        let left = memory::in_use().saturating_sub(before);
        let seen = format!(
            "{TASKS} tasks have finished, one after the other, and the process has grown by {left} bytes"
        );
        must(rec, left <= TASKS * MOST_EACH, ("leaked-task", &seen));
    });
}

#[test]
fn dropping_an_idle_pool_ends_its_threads() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for tasks in [0, 1, 8] {
            let workers = Workers::new();
            let pool = Pool::of(rec, workers.pool(3));
            for _ in 0..tasks {
                pool.run_another();
            }
            // So the workers sleep, and somebody has to tell them.
            let _ = calm::until(|| false);
            pool.end();
            must_have_ended(rec, &workers);
        }
    });
}

#[test]
fn dropping_the_pool_waits_for_the_poll_that_runs_and_for_no_other() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for queued in [0, 1, 8] {
            pool_ends::during_a_poll(rec, queued);
        }
    });
}

#[test]
fn dropping_the_pool_cancels_tasks_that_wait_for_ever() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        pool_ends::with_tasks_that_wait(rec);
    });
}

#[test]
fn a_poll_that_ends_with_pending_during_the_drop_is_cancelled_too() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for wakes_itself in [false, true] {
            pool_ends::during_a_poll_that_ends_with_pending(rec, wakes_itself);
        }
    });
}

#[test]
fn tasks_that_wait_for_each_other_are_cancelled_too() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for queued in [true, false] {
            pool_ends::with_tasks_that_lead_back_into_the_pool(rec, queued);
        }
    });
}

#[test]
fn a_task_can_drop_its_own_pool() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for threads in [1, 2, 3] {
            pool_ends::by_a_task_of_its_own(rec, threads);
        }
    });
}

#[test]
fn spawning_on_a_pool_that_is_gone_cancels() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let handle = pool.handle();
        pool.end();
        let late = Probe::new(rec, "late");
        let answer = handle.spawn(late.ready_at(1, ()));
        must_be_cancelled(rec, answer, "a task that came too late");
        must_be_dropped(rec, &late);
    });
}

#[test]
fn a_task_that_comes_while_a_worker_goes_to_sleep_is_run() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        advise_locks_of_the_course(rec, SOURCE);
        let _ = (0..).find(|&skip| !pool_races::spawns_before_the_sleep(rec, skip));
    });
}

#[test]
fn the_end_that_comes_while_a_worker_goes_to_sleep_is_heard() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let _ = (0..).find(|&skip| !pool_races::ends_before_the_sleep(rec, skip));
    });
}

#[test]
fn a_task_that_comes_while_the_pool_is_dropped_is_not_forgotten() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let _ = (0..).find(|&skip| !pool_races::ends_in_a_spawn(rec, skip));
    });
}

#[test]
fn many_tasks_wake_each_other_on_many_threads() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const TASKS: usize = 64;
        let pool = Pool::new(rec, 3);
        let probes: Vec<_> = (0..TASKS).map(|_| Probe::new(rec, "one of many")).collect();
        let spawn = |(index, probe): (usize, &Probe)| {
            let next = probes[(index + 1) % TASKS].clone();
            pool.spawn(probe.future(move |probe, cx| {
                probe.keep_waker(cx);
                next.wake();
                if probe.polls() >= 5 {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }))
        };
        let handles: Vec<_> = probes.iter().enumerate().map(spawn).collect();
        for handle in handles {
            value(rec, handle, NOT_RUN);
        }
        probes.iter().for_each(Probe::forget_waker);
        pool.end();
    });
}
