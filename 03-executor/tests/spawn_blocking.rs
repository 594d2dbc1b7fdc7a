//! The grader of `spawn_blocking`: other threads, as many as allowed, and a result that reaches its task.

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/blocking_answers.rs"]
mod blocking_answers;
#[path = "support/blocking_ends.rs"]
mod blocking_ends;
#[path = "support/blocking_races.rs"]
mod blocking_races;
#[path = "support/calm.rs"]
mod calm;
#[path = "support/last_word.rs"]
mod last_word;
#[path = "../src/lock.rs"]
#[allow(dead_code, reason = "not every pool uses it")]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/rules.rs"]
mod rules;
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod wait_steps;
}
#[path = "support/waiting_sync.rs"]
mod sync;

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's.
#[cfg_attr(feature = "my-spawn-blocking", path = "../exercises/spawn_blocking.rs")]
#[cfg_attr(not(feature = "my-spawn-blocking"), path = "../src/spawn_blocking.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod spawn_blocking;

use std::{
    collections::HashSet,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use awaited::{fail, must, must_come, must_give, must_panic, panic_with, returns, value};
use calm::{Wait, alone};
use course::{Exercise, Recorder, Task, grade, grade_race};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{BlockingPool, JoinError, spawn_blocking};
use last_word::LastWord;
use paths_from_std::advise_locks_of_the_course;
use rules::{lock, pending, ready};

const SPAWN_BLOCKING: Exercise = course::exercise!(
    "spawn_blocking",
    stage = "03-executor",
    feature = "my-spawn-blocking"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-spawn-blocking")]
const SOURCE: &str = include_str!("../exercises/spawn_blocking.rs");
#[cfg(not(feature = "my-spawn-blocking"))]
const SOURCE: &str = include_str!("../src/spawn_blocking.rs");

/// Where the chapter explains all this.
const SECTION: &str = "work-that-blocks";

/// What is wrong when a closure is over and its future does not say so, or does not even begin.
const NO_ANSWER: (&str, &str) = (
    "lost-wakeup",
    "every thread of the process sleeps, a closure that was handed over could run or has run, and nobody has \
     woken the task that waits for it",
);

/// What is wrong when a call does not come back.
const BLOCKS: (&str, &str) = (
    "runs-inline",
    "the call does not return before the closure has: the caller's thread waits with it",
);

/// What a caller sees of a lock that is held for too long.
const SPAWN_WAITS: &str = "a closure is running, and `spawn` does not return before it has: a lock that `spawn` \
     needs is held while the closure runs";

/// Completes "… although".
const WAITS: &str = "the closure has not returned";
const DONE: &str = "the closure has returned";

/// A time that no test lives to see.
const LONG: Duration = Duration::from_secs(3600);

/// A pool whose threads stay.
fn pool(max_threads: usize) -> Arc<BlockingPool> {
    Arc::new(BlockingPool::new(max_threads, LONG))
}

#[test]
fn runs_on_another_thread() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let caller = thread::current().id();
        let pool = pool(1);
        let call = || thread::current().id();
        for future in [spawn_blocking(call), pool.spawn(call)] {
            let seen = "the closure ran on the thread that handed it over";
            let elsewhere = value(rec, future, NO_ANSWER) != caller;
            must(rec, elsewhere, ("runs-inline", seen));
        }
        let text = String::from("owned");
        let future = spawn_blocking(move || text + " by the closure");
        must_give(rec, future, "owned by the closure".into(), NO_ANSWER);
    });
}

#[test]
fn begins_without_a_poll() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let called = Arc::new(AtomicUsize::new(0));
        let [one, other] = [(); 2].map(|()| {
            let called = Arc::clone(&called);
            move || called.fetch_add(1, SeqCst)
        });
        let pool = pool(1);
        let futures = (pool.spawn(one), spawn_blocking(other));
        let seen =
            "a closure was handed over, its future is not polled yet, and nobody calls the closure";
        must_come(rec, || called.load(SeqCst) == 2, ("stopped-work", seen));
        drop(futures);
    });
}

#[test]
fn neither_the_call_nor_the_poll_waits_for_the_closure() {
    grade!(SPAWN_BLOCKING, lesson, |rec| {
        let _alone = alone();
        let (release, gate) = mpsc::channel::<()>();
        rec.note("a closure is handed over, and waits");
        let hand_over = move || spawn_blocking(move || gate.recv().is_err());
        let future = returns(rec, hand_over, BLOCKS);
        let (mut task, a) = (Task::new(rec, future), rec.waker("A"));
        let poll = move || (task.poll(&a), task, a);
        let seen = "the poll waits for the closure, and the task's thread with it";
        let (polled, mut task, a) = returns(rec, poll, ("blocking-poll", seen));
        pending(rec, polled, WAITS);
        rec.must_be_quiet();
        rec.note("the closure returns");
        drop(release);
        must_wake(rec, &["A"], "A");
        if let Err(error) = ready(rec, task.poll(&a), DONE) {
            let seen = format!("the future gives the error `{error}`");
            fail(rec, "wrong-value", seen);
        }
    });
}

/// Waits until one of these wakers is woken: it has to be the last one's.
fn must_wake(rec: &Recorder, all: &[&str], latest: &str) {
    let woken = || all.iter().any(|waker| rec.wakes(waker) > 0);
    must_come(rec, woken, NO_ANSWER);
    let _ = calm::until(|| rec.wakes(latest) > 0);
    let seen = format!("the task was last polled with waker {latest}, and another one was woken");
    must(rec, rec.wakes(latest) > 0, ("stale-waker", &seen));
}

#[test]
fn as_many_as_allowed_run_at_once() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        const THREADS: usize = 4;
        let pool = pool(THREADS);
        // Twice: once with new threads, and once with those that are there.
        for round in ["new threads", "threads that have worked before"] {
            let meeting = Arc::new(Barrier::new(THREADS));
            let (begin, begun) = mpsc::channel();
            let everybody = Arc::clone(&meeting);
            let first = pool.spawn(move || {
                let _ = begin.send(());
                everybody.wait();
            });
            must_come(rec, || begun.try_recv().is_ok(), NO_ANSWER);
            let rest = {
                let pool = Arc::clone(&pool);
                let meet = move |_| {
                    let meeting = Arc::clone(&meeting);
                    pool.spawn(move || _ = meeting.wait())
                };
                move || (1..THREADS).map(meet).collect::<Vec<_>>()
            };
            let rest = returns(rec, rest, ("runs-under-lock", SPAWN_WAITS));
            let seen = format!(
                "{THREADS} closures wait for each other in a pool of {THREADS} threads, and never meet ({round}): \
                 not all of them run at the same time"
            );
            for future in rest.into_iter().chain([first]) {
                value(rec, future, ("idle-worker", &seen));
            }
        }
        let meeting = Arc::new(Barrier::new(2));
        let futures = [Arc::clone(&meeting), meeting]
            .map(|meeting| spawn_blocking(move || _ = meeting.wait()));
        for future in futures {
            let seen = "two closures wait for each other in `spawn_blocking`, and never meet";
            value(rec, future, ("idle-worker", seen));
        }
    });
}

#[test]
fn two_that_come_at_once_do_not_count_on_the_same_thread() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        blocking_races::two_come_while_one_sleeps(rec);
    });
}

#[test]
fn never_more_than_allowed_run_at_once() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        const THREADS: usize = 2;
        let pool = pool(THREADS);
        let begun = Arc::new(Mutex::new(HashSet::new()));
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let hand_over = {
            let (pool, begun) = (Arc::clone(&pool), Arc::clone(&begun));
            move || {
                let caller = thread::current().id();
                [(); 3 * THREADS].map(|()| {
                    let (begun, gate) = (Arc::clone(&begun), Arc::clone(&gate));
                    pool.spawn(move || {
                        let here = thread::current().id();
                        lock(&begun).insert((here, here == caller));
                        let _ = lock(&gate).recv();
                    })
                })
            }
        };
        let calls = thread::spawn(hand_over);
        // No closure returns: so many as have begun run at once.
        let _ = calm::until(|| lock(&begun).len() > THREADS);
        let inline = lock(&begun).iter().any(|(_, inline)| *inline);
        let seen =
            "all threads are busy, and the closure is called on the thread that hands it over";
        must(rec, !inline, ("runs-inline", seen));
        let threads = lock(&begun).len();
        let seen = format!("{threads} closures run at once in a pool of {THREADS} threads");
        must(rec, threads <= THREADS, ("over-the-bound", &seen));
        let seen = "all threads are busy, and `spawn` does not return before one of them is free";
        must_come(rec, || calls.is_finished(), ("blocking-call", seen));
        drop(release);
        for future in calls.join().expect("it has returned") {
            let seen = "a closure that came when all threads were busy is never run, although they are idle by now";
            value(rec, future, ("stopped-work", seen));
        }
    });
}

#[test]
fn threads_are_used_again() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        const CALLS: usize = 40;
        let pool = pool(CALLS);
        let mut threads = HashSet::new();
        for _ in 0..CALLS {
            threads.insert(value(rec, pool.spawn(|| thread::current().id()), NO_ANSWER));
        }
        // The thread before may not be back when the next call comes; the one before that is.
        let threads = threads.len();
        let seen = format!("{CALLS} calls, one after the other, ran on {threads} threads");
        must(rec, threads <= CALLS / 2, ("thread-per-call", &seen));
    });
}

#[test]
fn an_idle_thread_ends_after_its_time() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = BlockingPool::new(1, Duration::from_millis(1));
        let ended = Arc::new(AtomicUsize::new(0));
        for round in 1..=3 {
            let word = LastWord(Arc::clone(&ended));
            let seen = "a thread had ended because it had nothing to do, and the next closure is never run";
            let begin = pool.spawn(move || word.of_this_thread());
            value(rec, begin, ("stopped-work", seen));
            let has_ended = calm::quietly_until(|| ended.load(SeqCst) >= round) == Wait::Came;
            let seen = "a thread has been idle for longer than `keep_alive`, and does not end";
            must(rec, has_ended, ("threads-left", seen));
        }
        let pool = BlockingPool::new(1, Duration::ZERO);
        for _ in 0..20 {
            let seen = "with a `keep_alive` of zero a closure is never run";
            value(rec, pool.spawn(|| ()), ("stopped-work", seen));
        }
        let pool = BlockingPool::new(1, Duration::MAX);
        for _ in 0..3 {
            let seen = "with a `keep_alive` of `Duration::MAX` a closure is never run: a thread that adds it to the \
                        present moment panics";
            value(rec, pool.spawn(|| ()), ("stopped-work", seen));
            // By then the thread is about to wait.
            let _ = calm::until(|| false);
        }
    });
}

#[test]
fn idle_threads_sleep() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = pool(2);
        value(rec, pool.spawn(|| ()), NO_ANSWER);
        let seen = "a thread without work keeps a processor busy";
        must(rec, calm::rest() != Wait::Busy, ("busy-loop", seen));
    });
}

#[test]
fn panics_arrive_and_cost_no_thread() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = pool(1);
        let first = "a closure panicked, every thread sleeps, and its future has had no answer";
        let second =
            "a closure panicked in a pool of one thread, and after that no closure is run any more";
        for otherwise in [("swallowed-panic", first), ("escaped-panic", second)] {
            let future: SpawnBlocking<()> = pool.spawn(|| panic_with("the disk is full"));
            must_panic(rec, future, "the disk is full", otherwise);
        }
        value(rec, pool.spawn(|| ()), ("escaped-panic", second));
    });
}

#[test]
fn a_closure_can_hand_over_another_one() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = pool(1);
        let inner = {
            let pool = Arc::clone(&pool);
            move || pool.spawn(|| 7)
        };
        let seen = "a closure handed another one to its own pool, and does not come back from that: the pool \
                    holds a lock while closures run";
        let inner = value(rec, pool.spawn(inner), ("runs-under-lock", seen));
        must_give(rec, inner, 7, NO_ANSWER);
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = pool(1);
        let (release, gate) = mpsc::channel::<()>();
        let future = pool.spawn(move || gate.recv().is_err());
        let (mut task, a, b) = (Task::new(rec, future), rec.waker("A"), rec.waker("B"));
        pending(rec, task.poll(&a), WAITS);
        pending(rec, task.poll(&b), WAITS);
        rec.must_be_quiet();
        rec.note("the closure returns");
        drop(release);
        must_wake(rec, &["A", "B"], "B");
        drop(ready(rec, task.poll(&b), DONE));
    });
}

#[test]
fn a_task_that_is_polled_in_the_wake_finds_the_result() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        blocking_answers::a_poll_in_the_wake(rec);
    });
}

#[test]
fn a_result_that_comes_in_the_middle_of_a_poll_is_not_missed() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        for before in [&[][..], &["A"]] {
            blocking_answers::in_the_middle_of_a_poll(rec, before);
        }
    });
}

#[test]
fn a_closure_that_comes_while_a_thread_goes_to_sleep_is_run() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        advise_locks_of_the_course(rec, SOURCE);
        let _ = (0..).find(|&skip| !blocking_races::comes_before_the_sleep(rec, skip));
    });
}

#[test]
fn a_closure_that_comes_when_a_thread_gives_up_is_run() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        blocking_races::comes_when_a_thread_gives_up(rec);
    });
}

#[test]
fn dropping_the_future_stops_nothing() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let pool = pool(1);
        let done = Arc::new(AtomicUsize::new(0));
        let count = |_| {
            let done = Arc::clone(&done);
            move || done.fetch_add(1, SeqCst)
        };
        let (release, gate) = mpsc::channel::<()>();
        let running = pool.spawn(move || gate.recv().is_err());
        // Neither of these has begun: the only thread is busy.
        let [unpolled, polled] = [0, 1].map(count).map(|count| pool.spawn(count));
        let mut task = Task::new(rec, polled);
        let a = rec.waker("A");
        pending(rec, task.poll(&a), WAITS);
        drop((unpolled, task, running));
        drop(release);
        let seen = "two futures were dropped before their closures had begun, and the closures are never called";
        must_come(rec, || done.load(SeqCst) == 2, ("stopped-work", seen));
        // Without a pool of our own, and without a poll.
        drop(spawn_blocking(count(2)));
        let seen = "a future was dropped without a poll, and its closure is never called";
        must_come(rec, || done.load(SeqCst) == 3, ("stopped-work", seen));
    });
}

#[test]
fn dropping_the_pool_drops_what_has_not_begun() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        blocking_ends::with_a_queue(rec);
    });
}

#[test]
fn dropping_the_pool_ends_all_idle_threads() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        blocking_ends::with_idle_threads(rec);
    });
}

#[test]
fn the_end_that_comes_while_a_thread_goes_to_sleep_is_heard() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        let _ = (0..).find(|&skip| !blocking_races::ends_before_the_sleep(rec, skip));
    });
}
