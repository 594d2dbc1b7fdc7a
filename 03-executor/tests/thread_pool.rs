//! The grader of `thread_pool`: work is shared, a panic costs nothing, and the end is an end.

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/calm.rs"]
mod calm;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
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
    future::{pending, poll_fn},
    ops::Deref,
    sync::{
        Arc, Barrier, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    task::Poll,
    thread::{self, ThreadId},
};

use awaited::{must_come, output, panic_with, returns, value, words};
use calm::{Wait, alone};
use course::{Exercise, Race, Recorder, grade, grade_race, memory};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{JoinError, JoinHandle, PoolHandle, ThreadPool};
use paths_from_std::advise_locks_of_the_course;
use probe::Probe;
use support::wait_steps;
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

/// Ends the test, with that section to read.
fn fail(rec: &Recorder, code: &str, seen: impl Into<String>) -> ! {
    rec.fail_reading(SECTION, code, seen)
}

/// What is wrong when a task that can go on does not.
const NOT_RUN: (&str, &str) = (
    "woken-not-polled",
    "a task was spawned, every thread of the process sleeps, and its handle has had no answer: nobody \
     runs it, or nobody says that it has run",
);

/// What is wrong when `drop` does not return.
const NO_END: (&str, &str) = (
    "endless-shutdown",
    "dropping the pool does not return, and every thread of the process sleeps: it waits for a thread \
     that nobody has told, or for a lock that it holds itself",
);

/// A task that does nothing but run.
async fn nothing() {}

/// A pool whose end is watched.
struct Pool<'a> {
    rec: &'a Recorder,
    pool: Option<Arc<ThreadPool>>,
}

impl<'a> Pool<'a> {
    fn new(rec: &'a Recorder, threads: usize) -> Self {
        Self::of(rec, ThreadPool::new(threads))
    }

    fn of(rec: &'a Recorder, pool: ThreadPool) -> Self {
        let pool = Some(Arc::new(pool));
        Pool { rec, pool }
    }

    fn end(self) {}

    /// Drops it on another thread.
    fn ending(mut self) -> thread::JoinHandle<()> {
        let pool = self.pool.take();
        thread::spawn(move || drop(pool))
    }
}

impl Deref for Pool<'_> {
    type Target = Arc<ThreadPool>;

    fn deref(&self) -> &Arc<ThreadPool> {
        self.pool.as_ref().expect("only `drop` takes it")
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        let Some(pool) = self.pool.take() else {
            return;
        };
        if thread::panicking() {
            // The test is over, and the pool may be in a state in which its drop does not return.
            std::mem::forget(pool);
        } else {
            returns(self.rec, move || drop(pool), NO_END);
        }
    }
}

/// Runs one task of no consequence to its end.
fn run_another(rec: &Recorder, pool: &ThreadPool) {
    value(rec, pool.spawn(nothing()), NOT_RUN);
}

/// The rule that a task which the pool will not finish says so.
fn must_be_cancelled<T>(rec: &Recorder, handle: JoinHandle<T>, which: &str) {
    let seen = format!(
        "the pool has been dropped, and the handle of {which} waits on: nobody has dropped the task"
    );
    match output(rec, handle, ("forgotten-task", &seen)) {
        Err(JoinError::Cancelled) => {}
        Err(other) => fail(
            rec,
            "wrong-value",
            format!("{which} was dropped, and its handle gives `{other}`"),
        ),
        Ok(_) => fail(
            rec,
            "works-on",
            format!("the pool was dropped, and {which} was run after that"),
        ),
    }
}

fn must_be_dropped(rec: &Recorder, probe: &Probe) {
    if !probe.is_dropped() {
        fail(
            rec,
            "forgotten-task",
            format!(
                "the pool has been dropped, and the future of `{}` is still there",
                probe.name()
            ),
        );
    }
}

#[test]
fn runs_a_task_on_a_thread_of_its_own() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let handle = pool.spawn(async { thread::current().id() });
        if value(rec, handle, NOT_RUN) == thread::current().id() {
            fail(
                rec,
                "runs-inline",
                "the task ran on the thread that spawned it",
            );
        }
        let text = String::from("a borrowed word");
        let handle = pool.handle().spawn(async move { text.len() });
        if value(rec, handle, NOT_RUN) != 15 {
            fail(
                rec,
                "wrong-value",
                "the handle gives another value than the task",
            );
        }
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
        run_another(rec, &pool);
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
            let meeting = Arc::new(Barrier::new(THREADS));
            let arrived = Arc::new(AtomicUsize::new(0));
            let first = pool.spawn(meet(Arc::clone(&meeting), Arc::clone(&arrived)));
            must_come(rec, || arrived.load(SeqCst) > 0, NOT_RUN);
            let spawn = {
                let (pool, arrived) = (Arc::clone(&pool), Arc::clone(&arrived));
                move || -> Vec<_> {
                    let together = |_| pool.spawn(meet(Arc::clone(&meeting), Arc::clone(&arrived)));
                    (1..THREADS).map(together).collect()
                }
            };
            let seen = "`spawn` does not return while a task of the pool is in its poll: the poll holds a lock \
                        that `spawn` needs";
            let handles = returns(rec, spawn, ("polls-under-lock", seen));
            for handle in handles.into_iter().chain([first]) {
                let seen = "four tasks wait for each other in a pool of four threads, and they never meet: \
                            not all of them are run at the same time";
                value(rec, handle, ("idle-worker", seen));
            }
            if arrived.load(SeqCst) != THREADS {
                fail(rec, "wrong-value", "not all tasks ran");
            }
        }
    });
}

/// Blocks its thread until all the others are there.
async fn meet(meeting: Arc<Barrier>, arrived: Arc<AtomicUsize>) {
    arrived.fetch_add(1, SeqCst);
    meeting.wait();
}

#[test]
fn an_idle_worker_takes_what_a_busy_one_leaves() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 2);
        let (release, gate) = mpsc::channel::<()>();
        let busy = pool.spawn(async move { gate.recv().is_err() });
        for _ in 0..8 {
            let seen = "one of two workers is in a long poll, the other sleeps, and a task that was spawned \
                        is run by neither";
            value(rec, pool.spawn(nothing()), ("idle-worker", seen));
        }
        drop(release);
        value(rec, busy, NOT_RUN);

        // Woken from a poll that does not end before the woken task has run.
        let woken = Probe::new(rec, "woken");
        let waits = pool.spawn(woken.ready_at(2, ()));
        must_come(rec, || woken.waker().is_some(), NOT_RUN);
        run_another(rec, &pool);
        let wakes = pool.spawn(async move {
            woken.wake();
            let (tell, told) = mpsc::channel();
            thread::spawn(move || block_on(waits).map(|()| tell.send(())));
            told.recv().is_ok()
        });
        let seen = "a task wakes another one in its poll, and waits there until that one has run; the other \
                    worker sleeps, and does not run it";
        if !value(rec, wakes, ("idle-worker", seen)) {
            fail(
                rec,
                "wrong-value",
                "a task that was woken did not give its value",
            );
        }
    });
}

#[test]
fn calls_start_on_each_worker_before_its_first_task() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const THREADS: usize = 3;
        let workers = Workers::new();
        let pool = Pool::of(rec, workers.pool(THREADS));
        let meeting = Arc::new(Barrier::new(THREADS));
        let arrived = Arc::new(AtomicUsize::new(0));
        let handles: Vec<JoinHandle<(ThreadId, bool)>> = (0..THREADS)
            .map(|_| {
                let together = meet(Arc::clone(&meeting), Arc::clone(&arrived));
                pool.spawn(async move {
                    let started = Workers::has_started();
                    together.await;
                    (thread::current().id(), started)
                })
            })
            .collect();
        for handle in handles {
            let (_, started) = value(rec, handle, NOT_RUN);
            if !started {
                fail(
                    rec,
                    "no-start",
                    "a task was polled on a thread on which `start` had not been called",
                );
            }
        }
        if workers.started() != THREADS {
            let seen = format!(
                "`start` was called {} times in a pool of {THREADS} threads",
                workers.started()
            );
            fail(rec, "no-start", seen);
        }
    });
}

#[test]
fn tasks_can_spawn_tasks() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 1);
        let handle = pool.handle();
        let task = pool.spawn(async move {
            let by_handle = handle.spawn(async { 1 });
            by_handle.await.map(|value| value + 1)
        });
        let two = value(rec, task, NOT_RUN);
        let task = pool.spawn(async {
            let by_context = executor::spawn(async { thread::current().id() });
            (by_context.await.ok(), thread::current().id())
        });
        match output(rec, task, NOT_RUN) {
            Ok((inner, outer)) if inner == Some(outer) && two.is_ok_and(|two| two == 2) => {}
            Ok(_) => fail(
                rec,
                "wrong-value",
                "a task that a task spawned ran somewhere else, or was lost",
            ),
            Err(error) => fail(
                rec,
                "no-context",
                format!("a task called `executor::spawn`, and the answer was: {error}"),
            ),
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
            let handle = pool.spawn(async { panic_with("the task has had enough") });
            let seen = "a task panicked, every thread sleeps, and its handle has had no answer";
            match output(rec, handle, ("escaped-panic", seen)) {
                Err(JoinError::Panicked(payload))
                    if words(&*payload) == "the task has had enough" => {}
                other => fail(
                    rec,
                    "wrong-value",
                    format!(
                        "a task panicked, and its handle gives {:?}",
                        other.map(|_: ()| ())
                    ),
                ),
            }
        }
        let (meeting, arrived) = (Arc::new(Barrier::new(THREADS)), Arc::default());
        let handles: Vec<_> = (0..THREADS)
            .map(|_| pool.spawn(meet(Arc::clone(&meeting), Arc::clone(&arrived))))
            .collect();
        for handle in handles {
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
        for when in [
            "before its first task",
            "after its last task",
            "while a task waits",
        ] {
            if calm::rest() == Wait::Busy {
                fail(
                    rec,
                    "busy-loop",
                    format!("{when} the pool keeps a processor busy"),
                );
            }
            run_another(rec, &pool);
            if when.starts_with("after") {
                drop(pool.spawn(pending::<()>()));
            }
        }
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
        if left > TASKS * MOST_EACH {
            fail(
                rec,
                "leaked-task",
                format!(
                    "{TASKS} tasks have finished, one after the other, and the process has grown by {left} bytes"
                ),
            );
        }
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
                run_another(rec, &pool);
            }
            // So the workers sleep, and somebody has to tell them.
            let _ = calm::until(|| false);
            pool.end();
            must_have_ended(rec, &workers);
        }
    });
}

fn must_have_ended(rec: &Recorder, workers: &Workers) {
    let (started, ended) = (workers.started(), workers.ended());
    if ended < started {
        fail(
            rec,
            "threads-left",
            format!(
                "the pool was dropped, and {} of its {started} threads were still there",
                started - ended
            ),
        );
    }
}

#[test]
fn dropping_the_pool_waits_for_the_poll_that_runs_and_for_no_other() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for queued in [0, 1, 8] {
            let workers = Workers::new();
            let pool = Pool::of(rec, workers.pool(1));
            let (release, gate) = mpsc::channel::<()>();
            let (running, over) = (Probe::new(rec, "running"), Arc::new(AtomicUsize::new(0)));
            let seen = Arc::clone(&over);
            let run = pool.spawn(running.future(move |_, _| {
                let _ = gate.recv();
                seen.store(1, SeqCst);
                Poll::Ready(7)
            }));
            must_come(rec, || running.polls() > 0, NOT_RUN);
            let waiting: Vec<_> = (0..queued).map(|_| Probe::new(rec, "queued")).collect();
            let handles: Vec<_> = waiting
                .iter()
                .map(|probe| pool.spawn(probe.ready_at(1, ())))
                .collect();

            let ending = pool.ending();
            if calm::until(|| ending.is_finished()) == Wait::Came {
                fail(
                    rec,
                    "threads-left",
                    "dropping the pool did not wait for the poll that was running",
                );
            }
            drop(release);
            must_come(rec, || ending.is_finished(), NO_END);
            must_have_ended(rec, &workers);
            if value(rec, run, NOT_RUN) != 7 {
                fail(
                    rec,
                    "wrong-value",
                    "the poll that was running gave another value",
                );
            }
            for (probe, handle) in waiting.iter().zip(handles) {
                must_be_dropped(rec, probe);
                must_be_cancelled(rec, handle, "a task that was queued");
            }
        }
    });
}

#[test]
fn dropping_the_pool_cancels_tasks_that_wait_for_ever() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        let pool = Pool::new(rec, 2);
        let forgotten = Probe::new(rec, "forgotten");
        let never = pool.spawn(forgotten.future(|_, _| Poll::<()>::Pending));
        let selfish = Probe::new(rec, "selfish");
        let mut own = Vec::new();
        let cycle = pool.spawn(selfish.future(move |_, cx| {
            // The task owns a waker that owns the task.
            own.push(cx.waker().clone());
            Poll::<()>::Pending
        }));
        let awaited = Probe::new(rec, "awaited");
        let outside = pool.spawn(awaited.ready_at(usize::MAX, ()));
        for probe in [&forgotten, &selfish, &awaited] {
            must_come(rec, || probe.polls() > 0, NOT_RUN);
        }
        pool.end();
        for (probe, handle) in [(&forgotten, never), (&selfish, cycle), (&awaited, outside)] {
            must_be_dropped(rec, probe);
            must_be_cancelled(rec, handle, "a task that waits");
        }
        // Too late: nothing happens.
        awaited.wake();
        awaited.forget_waker();
        let _ = calm::until(|| false);
        if awaited.polls() > 1 {
            fail(
                rec,
                "works-on",
                "a task was woken after the pool was gone, and polled",
            );
        }
    });
}

#[test]
fn a_poll_that_ends_with_pending_during_the_drop_is_cancelled_too() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for wakes_itself in [false, true] {
            let pool = Pool::new(rec, 1);
            let (release, gate) = mpsc::channel::<()>();
            let task = Probe::new(rec, "task");
            let handle = pool.spawn(task.future(move |probe, cx| {
                probe.keep_waker(cx);
                if wakes_itself {
                    cx.waker().wake_by_ref();
                }
                let _ = gate.recv();
                Poll::<()>::Pending
            }));
            must_come(rec, || task.waker().is_some(), NOT_RUN);
            let ending = pool.ending();
            let _ = calm::until(|| ending.is_finished());
            drop(release);
            must_come(rec, || ending.is_finished(), NO_END);
            must_be_dropped(rec, &task);
            must_be_cancelled(
                rec,
                handle,
                "a task whose poll ended while the pool was being dropped",
            );
            task.forget_waker();
        }
    });
}

#[test]
fn tasks_that_wait_for_each_other_are_cancelled_too() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for gone_by_the_queue in [true, false] {
            let pool = Pool::new(rec, 1);
            let handle = pool.handle();
            let (release, gate) = mpsc::channel::<()>();
            let spawns = SpawnsWhenDropped(handle.clone());
            let busy = Probe::new(rec, "busy");
            let first = Probe::new(rec, "first");
            let first_handle = pool.spawn(first.future(move |_, _| Poll::<()>::Pending));
            // Dropping `first` wakes `second`, and dropping `second` spawns: both lead back into the pool.
            let second = pool.spawn(async move {
                let _spawns = spawns;
                first_handle.await.is_err()
            });
            must_come(rec, || first.polls() > 0, NOT_RUN);
            run_another(rec, &pool);
            let mut queued = None;
            if gone_by_the_queue {
                drop(pool.spawn(busy.future(move |_, _| {
                    let _ = gate.recv();
                    Poll::Ready(())
                })));
                must_come(rec, || busy.polls() > 0, NOT_RUN);
                let spawns = SpawnsWhenDropped(handle.clone());
                queued = Some(pool.spawn(async move { drop(spawns) }));
            }
            let ending = pool.ending();
            if gone_by_the_queue {
                let _ = calm::until(|| ending.is_finished());
            }
            drop(release);
            let seen = "dropping the pool does not return. A task was dropped with it, whose own drop wakes \
                        and spawns other tasks of the pool: drop tasks, as wakers, when the lock is released";
            must_come(rec, || ending.is_finished(), ("drops-under-lock", seen));
            must_be_dropped(rec, &first);
            must_be_cancelled(rec, second, "a task that waits for another one");
            if let Some(queued) = queued {
                must_be_cancelled(rec, queued, "a task that was queued");
            }
        }
    });
}

struct SpawnsWhenDropped(PoolHandle);

impl Drop for SpawnsWhenDropped {
    fn drop(&mut self) {
        drop(self.0.spawn(nothing()));
    }
}

#[test]
fn a_task_can_drop_its_own_pool() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        for threads in [1, 2, 3] {
            let workers = Workers::new();
            let pool = workers.pool(threads);
            let handle = pool.handle();
            let waits = Probe::new(rec, "waits");
            let never = pool.spawn(waits.future(|_, _| Poll::<()>::Pending));
            must_come(rec, || waits.polls() > 0, NOT_RUN);
            let own = Arc::new(Mutex::new(Some(pool)));
            let task = handle.spawn(async move {
                let pool = rules::lock(&own).take();
                drop(pool);
                7
            });
            let seen = "a task dropped its own pool, and every thread sleeps: a worker waits for its own end, or \
                        for another one that nobody has told";
            match output(rec, task, ("endless-shutdown", seen)) {
                Ok(7) => {}
                Ok(_) => fail(
                    rec,
                    "wrong-value",
                    "the task that dropped its pool gave another value",
                ),
                Err(error) => fail(
                    rec,
                    "endless-shutdown",
                    format!(
                        "a task dropped its own pool, and its handle gives the error `{error}`"
                    ),
                ),
            }
            must_be_cancelled(rec, never, "a task that waits");
            must_be_dropped(rec, &waits);
            let seen = "a task dropped its own pool, and not all of the threads have ended";
            must_come(
                rec,
                || workers.ended() == workers.started(),
                ("threads-left", seen),
            );
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
        must_be_cancelled(
            rec,
            handle.spawn(late.ready_at(1, ())),
            "a task that came too late",
        );
        must_be_dropped(rec, &late);
    });
}

#[test]
fn a_task_that_comes_while_a_worker_goes_to_sleep_is_run() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        advise_locks_of_the_course(rec, SOURCE);
        for skip in 0.. {
            let pool = thread_pool::ThreadPool::new(1);
            let (race, answer) = (Race::new(), Arc::new(OnceLock::new()));
            let spawn = {
                let (handle, answer) = (pool.handle(), Arc::clone(&answer));
                race.once(move || {
                    let _ = answer.set(Mutex::new(Some(handle.spawn(nothing()))));
                })
            };
            // On the worker itself: from the end of this task to the worker's sleep.
            let first = pool.spawn(async move { wait_steps::ambush(skip, spawn) });
            value(rec, first, NOT_RUN);
            let _ = calm::until(|| race.was_forced() && answer.get().is_some());
            race.finish();
            let late = answer.get().and_then(|late| rules::lock(late).take());
            let Some(late) = late else { break };
            let seen = "a task was spawned when the worker had found nothing to do and was about to sleep; it \
                        sleeps, and the task is not run";
            value(rec, late, ("lost-before-sleep", seen));
        }
    });
}

#[test]
fn a_task_that_comes_while_the_pool_is_dropped_is_not_forgotten() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        advise_locks_of_the_course(rec, SOURCE);
        for skip in 0.. {
            let pool = thread_pool::ThreadPool::new(1);
            let handle = pool.handle();
            let race = Race::new();
            wait_steps::ambush(skip, race.once(move || drop(pool)));
            let late = Probe::new(rec, "late");
            let answer = handle.spawn(late.ready_at(1, ()));
            wait_steps::call_off();
            if !race.was_forced() {
                break;
            }
            race.finish();
            let seen = "the pool was dropped in the middle of `spawn`, every thread sleeps, and the handle has had \
                        no answer";
            match output(rec, answer, ("forgotten-task", seen)) {
                Ok(()) | Err(JoinError::Cancelled) => must_be_dropped(rec, &late),
                Err(other) => fail(rec, "wrong-value", format!("the handle gives `{other}`")),
            }
        }
    });
}

#[test]
fn many_tasks_wake_each_other_on_many_threads() {
    grade_race!(THREAD_POOL, |rec| {
        let _alone = alone();
        const TASKS: usize = 64;
        let pool = Pool::new(rec, 3);
        let probes: Vec<_> = (0..TASKS).map(|_| Probe::new(rec, "one of many")).collect();
        let handles: Vec<_> = probes
            .iter()
            .enumerate()
            .map(|(index, probe)| {
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
            })
            .collect();
        for handle in handles {
            value(rec, handle, NOT_RUN);
        }
        probes.iter().for_each(Probe::forget_waker);
        pool.end();
        value(rec, futures_are_send(), NOT_RUN);
    });
}

/// The pool's own types can be shared, wherever the tasks go.
async fn futures_are_send() -> Result<(), JoinError> {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<ThreadPool>();
    shared::<PoolHandle>();
    poll_fn(|_| Poll::Ready(Ok(()))).await
}
