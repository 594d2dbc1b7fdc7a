//! The grader of `spawn_blocking`: other threads, as many as allowed, and a result that reaches its task.

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/calm.rs"]
mod calm;
#[path = "support/rules.rs"]
mod rules;

use std::{
    cell::RefCell,
    collections::HashSet,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use awaited::{must_come, output, panic_with, returns, value, words};
use calm::{Wait, alone};
use course::{Exercise, Race, Recorder, Task, grade, grade_race};
use executor::{BlockingPool, JoinError, spawn_blocking};
use rules::{lock, pending, ready};

const SPAWN_BLOCKING: Exercise = course::exercise!(
    "spawn_blocking",
    stage = "03-executor",
    feature = "my-spawn-blocking"
);

/// Where the chapter explains all this.
const SECTION: &str = "work-that-blocks";

/// Ends the test, with that section to read.
fn fail(rec: &Recorder, code: &str, seen: impl Into<String>) -> ! {
    rec.fail_reading(SECTION, code, seen)
}

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
        for future in [
            spawn_blocking(|| thread::current().id()),
            pool.spawn(|| thread::current().id()),
        ] {
            if value(rec, future, NO_ANSWER) == caller {
                fail(
                    rec,
                    "runs-inline",
                    "the closure ran on the thread that handed it over",
                );
            }
        }
        let text = String::from("owned");
        let future = spawn_blocking(move || text + " by the closure");
        if value(rec, future, NO_ANSWER) != "owned by the closure" {
            fail(
                rec,
                "wrong-value",
                "the future gives another value than the closure",
            );
        }
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
        let future = returns(
            rec,
            move || spawn_blocking(move || gate.recv().is_err()),
            BLOCKS,
        );
        let (mut task, a) = (Task::new(rec, future), rec.waker("A"));
        let poll = move || (task.poll(&a), task, a);
        let seen = "the poll waits for the closure, and the task's thread with it";
        let (polled, mut task, a) = returns(rec, poll, ("blocking-poll", seen));
        pending(rec, polled, WAITS);
        rec.must_be_quiet();
        rec.note("the closure returns");
        drop(release);
        must_wake(rec, &["A"], "A");
        ready(rec, task.poll(&a), DONE).unwrap_or_else(|error| {
            fail(
                rec,
                "wrong-value",
                format!("the future gives the error `{error}`"),
            )
        });
    });
}

/// Waits until one of these wakers is woken: it has to be the last one's.
fn must_wake(rec: &Recorder, all: &[&str], latest: &str) {
    let woken = || all.iter().any(|waker| rec.wakes(waker) > 0);
    must_come(rec, woken, NO_ANSWER);
    let _ = calm::until(|| rec.wakes(latest) > 0);
    if rec.wakes(latest) == 0 {
        fail(
            rec,
            "stale-waker",
            format!("the task was last polled with waker {latest}, and another one was woken"),
        );
    }
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
            let first = {
                let meeting = Arc::clone(&meeting);
                pool.spawn(move || {
                    let _ = begin.send(());
                    meeting.wait();
                })
            };
            must_come(rec, || begun.try_recv().is_ok(), NO_ANSWER);
            let rest = {
                let pool = Arc::clone(&pool);
                move || -> Vec<_> {
                    let meet = |_| {
                        let meeting = Arc::clone(&meeting);
                        pool.spawn(move || {
                            meeting.wait();
                        })
                    };
                    (1..THREADS).map(meet).collect()
                }
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
        // Several times: a thread may be so quick to get up that it is there for the second one.
        for _ in 0..6 {
            let pool = pool(2);
            value(rec, pool.spawn(|| ()), NO_ANSWER);
            // One thread is there, and sleeps.
            let _ = calm::until(|| false);
            let meeting = Arc::new(Barrier::new(2));
            let futures = [Arc::clone(&meeting), meeting]
                .map(|meeting| pool.spawn(move || _ = meeting.wait()));
            for future in futures {
                let seen = "two closures came while one thread of two was idle, and only one of them is run: both \
                            were left to that thread";
                value(rec, future, ("idle-worker", seen));
            }
        }
    });
}

#[test]
fn never_more_than_allowed_run_at_once() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        const THREADS: usize = 2;
        let pool = pool(THREADS);
        let begun = Arc::new(AtomicUsize::new(0));
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let futures: Vec<_> = (0..3 * THREADS)
            .map(|_| {
                let (begun, gate) = (Arc::clone(&begun), Arc::clone(&gate));
                pool.spawn(move || {
                    begun.fetch_add(1, SeqCst);
                    let _ = lock(&gate).recv();
                })
            })
            .collect();
        // None of them returns: so many threads as have begun there are.
        let _ = calm::until(|| begun.load(SeqCst) > THREADS);
        let threads = begun.load(SeqCst);
        if threads > THREADS {
            fail(
                rec,
                "over-the-bound",
                format!("{threads} closures run at once in a pool of {THREADS} threads"),
            );
        }
        drop(release);
        for future in futures {
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
        if threads.len() > CALLS / 2 {
            let seen = format!(
                "{CALLS} calls, one after the other, ran on {} threads",
                threads.len()
            );
            fail(rec, "thread-per-call", seen);
        }
    });
}

thread_local! {
    /// Tells, when its thread ends.
    static LAST_WORD: RefCell<Option<LastWord>> = const { RefCell::new(None) };
}

/// Counts the threads that have ended.
struct LastWord(Arc<AtomicUsize>);

impl Drop for LastWord {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
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
            value(
                rec,
                pool.spawn(|| LAST_WORD.set(Some(word))),
                ("stopped-work", seen),
            );
            if calm::quietly_until(|| ended.load(SeqCst) >= round) != Wait::Came {
                let seen = "a thread has been idle for longer than `keep_alive`, and does not end";
                fail(rec, "threads-left", seen);
            }
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
        if calm::rest() == Wait::Busy {
            fail(
                rec,
                "busy-loop",
                "a thread without work keeps a processor busy",
            );
        }
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
            let future = pool.spawn(|| panic_with("the disk is full"));
            match output(rec, future, otherwise) {
                Err(JoinError::Panicked(payload)) if words(&*payload) == "the disk is full" => {}
                other => fail(
                    rec,
                    "swallowed-panic",
                    format!(
                        "a closure panicked, and its future gives {:?}",
                        other.map(|_: ()| ())
                    ),
                ),
            }
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
        if value(rec, inner, NO_ANSWER) != 7 {
            fail(
                rec,
                "wrong-value",
                "the inner future gives another value than its closure",
            );
        }
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
        let pool = pool(1);
        let (release, gate) = mpsc::channel::<()>();
        let future = pool.spawn(move || gate.recv().is_err());
        let task = Arc::new(Mutex::new(Task::new(rec, future)));
        let executor = Arc::new(rec.waker("B"));
        let (race, polled) = (Race::new(), Arc::new(Mutex::new(None)));
        let rival = {
            let (task, executor, polled) = (task.clone(), executor.clone(), polled.clone());
            race.once(move || {
                let waits = lock(&task).poll(&executor).is_pending();
                *lock(&polled) = Some(waits);
            })
        };
        let first = rec.hostile_waker("A").on_wake(rival).build();
        pending(rec, lock(&task).poll(&first), WAITS);
        rec.note("the closure returns");
        drop(release);
        must_come(rec, || race.was_forced(), NO_ANSWER);
        let _ = calm::until(|| lock(&polled).is_some());
        race.finish();
        // The wake has returned when the thread takes the next closure.
        value(rec, pool.spawn(|| ()), NO_ANSWER);
        if *lock(&polled) == Some(true) && rec.wakes("B") == 0 {
            fail(
                rec,
                "wake-before-flag",
                "the task was polled within the wake, and found no result; after that nobody woke it again",
            );
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
fn a_result_that_comes_in_the_middle_of_a_poll_is_not_missed() {
    grade_race!(SPAWN_BLOCKING, |rec| {
        let _alone = alone();
        for before in [&[][..], &["A"]] {
            let pool = pool(1);
            let (release, gate) = mpsc::channel::<()>();
            let mut task = Task::new(rec, pool.spawn(move || gate.recv().is_err()));
            for name in before {
                pending(rec, task.poll(&rec.waker(name)), WAITS);
            }
            let race = Race::new();
            let rival = {
                let (rec, pool) = (rec.clone(), Arc::clone(&pool));
                race.once(move || {
                    rec.note("the closure returns, while the waker is cloned");
                    drop(release);
                    // The only thread takes this when it has done with the closure before.
                    let (tell, told) = mpsc::channel();
                    drop(pool.spawn(move || tell.send(())));
                    let _ = told.recv();
                })
            };
            let latest = rec.hostile_waker("B").on_clone(rival).build();
            let woken = rec.wakes("B");
            let waits = task.poll(&latest).is_pending();
            race.finish();
            if waits && race.was_forced() {
                if calm::until(|| rec.wakes("B") > woken) != Wait::Came {
                    fail(
                        rec,
                        "check-then-register",
                        "the result came in the middle of the poll with waker B; the poll answered Pending, and \
                         nobody woke B",
                    );
                }
                drop(ready(rec, task.poll(&latest), DONE));
            }
        }
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
        let pool = BlockingPool::new(1, LONG);
        let (ended, token) = (Arc::new(AtomicUsize::new(0)), Arc::new(()));
        let (release, gate) = mpsc::channel::<()>();
        let (begin, begun) = mpsc::channel();
        let word = LastWord(Arc::clone(&ended));
        let running = pool.spawn(move || {
            LAST_WORD.set(Some(word));
            let _ = begin.send(());
            gate.recv().is_err()
        });
        let owned = Arc::clone(&token);
        let queued = pool.spawn(move || drop(owned));
        must_come(rec, || begun.try_recv().is_ok(), NO_ANSWER);
        let seen = "dropping the pool waits for a closure that has begun";
        returns(rec, move || drop(pool), ("endless-shutdown", seen));
        let seen = "the pool was dropped, and the future of a closure that had not begun waits on";
        match output(rec, queued, ("silent-end", seen)) {
            Err(JoinError::Cancelled) if Arc::strong_count(&token) == 1 => {}
            Err(JoinError::Cancelled) => fail(
                rec,
                "forgotten-task",
                "the pool was dropped, and a closure that had not begun was not",
            ),
            _ => fail(
                rec,
                "works-on",
                "the pool was dropped, and a closure that had not begun was called",
            ),
        }
        drop(release);
        if !value(rec, running, NO_ANSWER) {
            fail(
                rec,
                "wrong-value",
                "the closure that had begun gave another value",
            );
        }
        let seen =
            "the pool was dropped, the last closure has returned, and its thread does not end";
        must_come(rec, || ended.load(SeqCst) == 1, ("threads-left", seen));
        let pool = BlockingPool::new(2, LONG);
        let meeting = Arc::new(Barrier::new(2));
        let futures = [(); 2].map(|()| {
            let (word, meeting) = (LastWord(Arc::clone(&ended)), Arc::clone(&meeting));
            pool.spawn(move || {
                LAST_WORD.set(Some(word));
                meeting.wait();
            })
        });
        for future in futures {
            value(rec, future, NO_ANSWER);
        }
        let _ = calm::until(|| false);
        drop(pool);
        let seen = "a pool was dropped whose two threads were idle, and not all of them end";
        must_come(rec, || ended.load(SeqCst) == 3, ("threads-left", seen));
    });
}
