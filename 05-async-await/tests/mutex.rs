//! The grader of `mutex`: one at a time, first come first served, and nothing lost when a waiter is dropped.

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's.
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/lock_turns.rs"]
mod lock_turns;
#[cfg_attr(feature = "my-mutex", path = "../exercises/mutex.rs")]
#[cfg_attr(not(feature = "my-mutex"), path = "../src/mutex.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
mod mutex;
#[path = "support/one_thread.rs"]
mod one_thread;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;
#[allow(dead_code, reason = "not every design uses it, and none uses all")]
#[path = "../src/wait_queue.rs"]
mod wait_queue;

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
};

#[allow(unused_imports, reason = "for the graded file")]
use async_await::*;
use async_await::{Lock, Mutex, MutexGuard};
use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race, memory};
use one_thread::on_one_thread;
use paths_from_std::advise_locks_of_the_course;
use rules::{lock, pending, ready};

const MUTEX: Exercise = course::exercise!("mutex", stage = "05-async-await", feature = "my-mutex");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-mutex")]
const SOURCE: &str = include_str!("../exercises/mutex.rs");
#[cfg(not(feature = "my-mutex"))]
const SOURCE: &str = include_str!("../src/mutex.rs");

/// Complete "… although".
const OPEN: &str = "the lock was open, and nobody waited";
const LOCKED: &str = "another task has the lock";
const UNLOCKED: &str = "the guard before was dropped";
const NEXT: &str = "the guard before was dropped, and it is the next";

/// What a thread was doing that stands still.
const OWN_LOCK: &str = "a wait was dropped when its turn had come, and the drop does not come back: it waits for a lock \
                        that its own thread has";

/// A lock that all may share, without end: threads and hooks ask for that.
fn shared() -> &'static Mutex<u32> {
    Box::leak(Box::new(Mutex::new(0)))
}

fn locking<'a>(rec: &Recorder, name: &'static str, mutex: &'a Mutex<u32>) -> Task<Lock<'a, u32>> {
    Task::named(rec, name, mutex.lock())
}

/// One who has the lock, of whom no more is heard than that.
fn held<'a>(rec: &Recorder, mutex: &'a Mutex<u32>) -> MutexGuard<'a, u32> {
    let outcome = locking(rec, "holder", mutex).poll(&rec.waker("H"));
    ready(rec, outcome, OPEN)
}

fn unlock<T>(rec: &Recorder, guard: MutexGuard<'_, T>) {
    rec.note("the guard is dropped");
    drop(guard);
}

#[test]
fn gives_the_value_to_one_who_asks() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(7);
        let a = rec.waker("A");
        for value in 7..10 {
            let outcome = locking(rec, "first", &mutex).poll(&a);
            let mut guard = ready(rec, outcome, OPEN);
            must_be(rec, *guard, value);
            *guard += 1;
            unlock(rec, guard);
        }
        rec.must_be_quiet();
    });
}

fn must_be(rec: &Recorder, seen: u32, expected: u32) {
    if seen != expected {
        rec.fail(
            "wrong-value",
            format!("what was written last is {expected}, and the guard shows {seen}"),
        );
    }
}

#[test]
fn who_has_to_wait_does_not_stop_the_thread() {
    grade!(MUTEX, |rec| {
        let mutex = shared();
        let guard = held(rec, mutex);
        let race = Race::certain();
        let theirs = rec.clone();
        race.run(move || {
            let outcome = locking(&theirs, "second", mutex).poll(&theirs.waker("B"));
            pending(&theirs, outcome, LOCKED);
        });
        if race.was_blocked() {
            rec.fail(
                "blocking-poll",
                "a task has the lock, a second one was polled, and its poll does not come back: the thread \
                 stands still. If both tasks live on it, nobody is left to unlock",
            );
        }
        race.finish();
        drop(guard);
    });
}

#[test]
fn waits_until_the_guard_is_dropped() {
    grade!(MUTEX, lesson, |rec| {
        let mutex = Mutex::new(0);
        let (mut first, mut second) = (
            locking(rec, "first", &mutex),
            locking(rec, "second", &mutex),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut guard = ready(rec, first.poll(&a), OPEN);
        pending(rec, second.poll(&b), LOCKED);
        rec.must_be_quiet();
        pending(rec, second.poll(&b), LOCKED);
        rec.must_be_quiet();
        *guard += 1;
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        must_be(rec, *ready(rec, second.poll(&b), UNLOCKED), 1);
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let guard = held(rec, &mutex);
        let mut first = locking(rec, "first", &mutex);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), LOCKED);
        pending(rec, first.poll(&b), LOCKED);
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        drop(ready(rec, first.poll(&b), UNLOCKED));
    });
}

#[test]
fn keeps_a_waker_for_each_who_waits() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut guard = held(rec, &mutex);
        let wakers = ["A", "B", "C"].map(|name| rec.waker(name));
        let mut waiting = ["first", "second", "third"].map(|name| locking(rec, name, &mutex));
        for (one, waker) in waiting.iter_mut().zip(&wakers) {
            pending(rec, one.poll(waker), LOCKED);
        }
        // In whatever order: each unlock lets one of those in who have been woken.
        for _ in &wakers {
            unlock(rec, guard);
            guard = must_let_one_in(rec, &mut waiting, &wakers);
        }
    });
}

/// Polls those who have been woken and not served, until one has the lock.
fn must_let_one_in<'a>(
    rec: &Recorder,
    waiting: &mut [Task<Lock<'a, u32>>; 3],
    wakers: &[RecordedWaker; 3],
) -> MutexGuard<'a, u32> {
    for (one, waker) in waiting.iter_mut().zip(wakers) {
        if rec.wakes_since_note(waker.name()) > 0
            && let Poll::Ready(guard) = one.poll(waker)
        {
            return guard;
        }
    }
    rec.fail_reading(
        "a-lock-that-waits",
        "overwritten-wake",
        "three tasks waited, and one unlock after the other should have let each of them in: after this one, \
         none of those who wait was woken and could go on",
    )
}

/// The rule of the queue: `first` with waker A, and not `second` with waker B, is served by the unlock that
/// was just done. To wake both is a waste.
///
/// Fails with `unfair-order`, advises `wakes-too-many`.
fn must_serve_the_first(rec: &Recorder) {
    match (rec.wakes_since_note("A"), rec.wakes_since_note("B")) {
        (1.., 0) => {}
        (0, 1..) => rec.fail(
            "unfair-order",
            "`first` has waited longer, and the unlock woke `second`",
        ),
        (1.., 1..) => rec.advise(
            "wakes-too-many",
            "one guard was dropped, and both who waited were woken: one of them for nothing",
        ),
        (0, 0) => rec.must_wake("A", UNLOCKED),
    }
}

/// Two who wait behind one who has the lock: `first` with waker A, then `second` with waker B.
struct Queue<'a> {
    guard: MutexGuard<'a, u32>,
    first: Task<Lock<'a, u32>>,
    second: Task<Lock<'a, u32>>,
    a: RecordedWaker,
    b: RecordedWaker,
}

impl<'a> Queue<'a> {
    fn new(rec: &Recorder, mutex: &'a Mutex<u32>) -> Self {
        let guard = held(rec, mutex);
        let (mut first, mut second) = (locking(rec, "first", mutex), locking(rec, "second", mutex));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), LOCKED);
        pending(rec, second.poll(&b), LOCKED);
        Self {
            guard,
            first,
            second,
            a,
            b,
        }
    }
}

#[test]
fn serves_those_who_wait_in_the_order_in_which_they_came() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut queue = Queue::new(rec, &mutex);
        unlock(rec, queue.guard);
        must_serve_the_first(rec);
        // Polled although it is not its turn: a spurious poll, or one who was woken for nothing.
        must_not_overtake(rec, queue.second.poll(&queue.b), "second");
        let guard = ready(rec, queue.first.poll(&queue.a), NEXT);
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        drop(ready(rec, queue.second.poll(&queue.b), NEXT));
    });
}

/// The rule that this poll does not get what is for `first`.
///
/// Fails with `unfair-order`.
fn must_not_overtake<T>(rec: &Recorder, outcome: Poll<T>, who: &str) {
    if outcome.is_ready() {
        rec.fail(
            "unfair-order",
            format!(
                "`first` has waited longest and was woken; before it was polled, `{who}` took the lock"
            ),
        );
    }
}

#[test]
fn keeps_its_place_when_it_is_polled_again() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut queue = Queue::new(rec, &mutex);
        pending(rec, queue.first.poll(&queue.a), LOCKED);
        unlock(rec, queue.guard);
        must_serve_the_first(rec);
        let guard = ready(rec, queue.first.poll(&queue.a), NEXT);
        // One place each, however often they are polled.
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        let guard = ready(rec, queue.second.poll(&queue.b), NEXT);
        unlock(rec, guard);
        let outcome = locking(rec, "third", &mutex).poll(&rec.waker("C"));
        drop(ready(rec, outcome, OPEN));
    });
}

#[test]
fn nobody_overtakes_the_one_who_was_woken() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let guard = held(rec, &mutex);
        let (mut first, mut late) = (locking(rec, "first", &mutex), locking(rec, "late", &mutex));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), LOCKED);
        unlock(rec, guard);
        rec.must_wake("A", UNLOCKED);
        must_not_overtake(rec, late.poll(&b), "late");
        let guard = ready(rec, first.poll(&a), NEXT);
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        drop(ready(rec, late.poll(&b), NEXT));
    });
}

#[test]
fn tries_without_waiting() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let (mut first, a) = (locking(rec, "first", &mutex), rec.waker("A"));
        let Some(guard) = mutex.try_lock() else {
            rec.fail(
                "never-ready",
                format!("`try_lock` gave nothing although {OPEN}"),
            )
        };
        if mutex.try_lock().is_some() {
            rec.fail(
                "early-ready",
                format!("`try_lock` gave a second guard although {LOCKED}"),
            );
        }
        pending(rec, first.poll(&a), LOCKED);
        unlock(rec, guard);
        rec.must_wake("A", "the guard that `try_lock` gave was dropped");
        let theirs = mutex.try_lock().map_or(Poll::Pending, Poll::Ready);
        must_not_overtake(rec, theirs, "try_lock");
        drop(ready(rec, first.poll(&a), NEXT));
        if mutex.try_lock().is_none() {
            rec.fail(
                "never-ready",
                format!("`try_lock` gave nothing although {OPEN}"),
            );
        }
    });
}

#[test]
fn takes_its_place_at_the_first_poll() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let guard = held(rec, &mutex);
        let idle = locking(rec, "idle", &mutex);
        let (mut second, b) = (locking(rec, "second", &mutex), rec.waker("B"));
        pending(rec, second.poll(&b), LOCKED);
        unlock(rec, guard);
        if rec.wakes("B") == 0 {
            rec.fail(
                "eager",
                "the lock did not go to the only one that was ever polled: one that was made before it, and \
                 not polled, stands in front of it",
            );
        }
        let guard = ready(rec, second.poll(&b), NEXT);
        // It had no place, so nobody gets anything when it goes.
        drop(idle);
        let outcome = locking(rec, "third", &mutex).poll(&rec.waker("C"));
        pending(rec, outcome, LOCKED);
        drop(guard);
    });
}

#[test]
fn a_wait_that_is_dropped_leaves_the_queue() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut queue = Queue::new(rec, &mutex);
        rec.note("`first` is dropped");
        drop(queue.first);
        if rec.wakes("B") > 0 {
            rec.fail(
                "busy-wake",
                "`second` was woken because another one gave up, and the lock is not open",
            );
        }
        let kept = queue.a.clones_alive();
        unlock(rec, queue.guard);
        if rec.wakes("B") == 0 {
            rec.fail(
                "lost-lock",
                "`first` was dropped while it waited; the guard was dropped after that, and `second`, which still \
                 waits, was not woken",
            );
        }
        if kept > 0 {
            rec.fail_reading(
                "a-lock-that-waits",
                "keeps-task-alive",
                "`first` was dropped, and a clone of its waker was still there",
            );
        }
        drop(ready(rec, queue.second.poll(&queue.b), NEXT));
    });
}

#[test]
fn one_whose_turn_has_come_passes_the_lock_on_when_it_is_dropped() {
    grade!(MUTEX, |rec| {
        on_one_thread(rec, "never-returns", OWN_LOCK, |rec| {
            let mutex = Mutex::new(0);
            let mut queue = Queue::new(rec, &mutex);
            unlock(rec, queue.guard);
            must_serve_the_first(rec);
            let before = rec.wakes("B");
            rec.note("`first` is dropped");
            drop(queue.first);
            if rec.wakes("B") == before {
                rec.fail(
                "lost-lock",
                "it was the turn of `first`, and it was dropped before it was polled; `second` was not woken after \
                 that",
            );
            }
            let guard = ready(rec, queue.second.poll(&queue.b), NEXT);
            let outcome = locking(rec, "third", &mutex).poll(&rec.waker("C"));
            pending(rec, outcome, LOCKED);
            unlock(rec, guard);
        });
    });
}

#[test]
fn the_lock_is_open_when_the_last_who_waited_is_dropped() {
    grade!(MUTEX, |rec| {
        on_one_thread(rec, "never-returns", OWN_LOCK, |rec| {
            let mutex = Mutex::new(3);
            for turn_has_come in [false, true] {
                let guard = held(rec, &mutex);
                let (mut first, a) = (locking(rec, "first", &mutex), rec.waker("A"));
                pending(rec, first.poll(&a), LOCKED);
                if turn_has_come {
                    unlock(rec, guard);
                    rec.note("`first` is dropped");
                    drop(first);
                } else {
                    rec.note("`first` is dropped");
                    drop(first);
                    unlock(rec, guard);
                }
                let outcome = locking(rec, "second", &mutex).poll(&rec.waker("B"));
                let Poll::Ready(guard) = outcome else {
                    rec.fail(
                    "lost-lock",
                    "the only one who waited was dropped, nobody has a guard, and the next to come has to wait",
                )
                };
                must_be(rec, *guard, 3);
            }
        });
    });
}

#[test]
fn a_lock_that_was_ready_has_nothing_to_pass_on() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut queue = Queue::new(rec, &mutex);
        unlock(rec, queue.guard);
        must_serve_the_first(rec);
        let mut guard = ready(rec, queue.first.poll(&queue.a), NEXT);
        let before = rec.wakes("B");
        rec.note("the future of `first` is dropped, and its guard is kept");
        drop(queue.first);
        if rec.wakes("B") > before {
            rec.fail(
                "busy-wake",
                "`first` was ready, and its future was dropped; its guard has the lock, and `second` was woken",
            );
        }
        pending(rec, queue.second.poll(&queue.b), LOCKED);
        *guard += 1;
        unlock(rec, guard);
        rec.must_wake("B", UNLOCKED);
        let guard = ready(rec, queue.second.poll(&queue.b), NEXT);
        must_be(rec, *guard, 1);
    });
}

#[test]
fn those_who_give_up_leave_no_place_behind() {
    grade!(MUTEX, |rec| {
        const TIMES: usize = 2_000;
        let mutex = Mutex::new(0);
        let guard = held(rec, &mutex);
        let give_up = |times| {
            for _ in 0..times {
                let mut waits = Box::pin(mutex.lock());
                let mut cx = Context::from_waker(Waker::noop());
                let _ = waits.as_mut().poll(&mut cx);
            }
        };
        // What is allocated once is allocated by then.
        give_up(100);
        let before = memory::in_use();
        give_up(TIMES);
        let grown = memory::in_use().saturating_sub(before);
        if grown > 8 * TIMES {
            rec.fail(
                "place-left",
                format!(
                    "while one task had the lock, {TIMES} others waited and gave up: {grown} bytes more are in use"
                ),
            );
        }
        drop(guard);
    });
}

/// Counts how often it is dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn the_value_is_dropped_with_the_lock() {
    grade!(MUTEX, |rec| {
        let drops = Arc::new(AtomicUsize::new(0));
        let mutex = Mutex::new(Counted(drops.clone()));
        for _ in 0..3 {
            drop(mutex.try_lock());
        }
        let early = drops.load(SeqCst);
        drop(mutex);
        let all = drops.load(SeqCst);
        if (early, all) != (0, 1) {
            rec.fail(
                "wrong-value",
                format!(
                    "the value was dropped {early} times while its lock was there, and {all} times in all; it should \
                     go once, with the lock"
                ),
            );
        }
    });
}

#[test]
fn a_panic_while_the_guard_is_held_unlocks() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let (mut first, a) = (locking(rec, "first", &mutex), rec.waker("A"));
        let mut guard = held(rec, &mutex);
        pending(rec, first.poll(&a), LOCKED);
        rec.note("the task with the guard panics");
        let panicked = catch_unwind(AssertUnwindSafe(move || {
            *guard += 5;
            std::panic::resume_unwind(Box::new("in the middle of its work"));
        }));
        assert!(panicked.is_err(), "it panics");
        rec.must_wake("A", "the guard was dropped by the panic of its task");
        let guard = ready(
            rec,
            first.poll(&a),
            "the guard before was dropped by a panic",
        );
        must_be(rec, *guard, 5);
        drop(guard);
        if mutex.try_lock().is_none() {
            rec.fail(
                "never-ready",
                format!("`try_lock` gave nothing although {OPEN}"),
            );
        }
    });
}

#[test]
fn an_unlock_in_the_own_poll_is_heard() {
    grade!(MUTEX, |rec| {
        let mutex = Mutex::new(0);
        let mut other = Some(held(rec, &mutex));
        let mut own = Box::pin(mutex.lock());
        // One task waits for the lock, and in the same poll it drops the guard of another one.
        let waits = poll_fn(move |cx| {
            let outcome = own.as_mut().poll(cx);
            if let Some(guard) = other.take() {
                rec.note("the guard is dropped, within the poll of the one who waits");
                drop(guard);
            }
            outcome
        });
        let (mut waits, a) = (Task::named(rec, "first", waits), rec.waker("A"));
        pending(
            rec,
            waits.poll(&a),
            "it has asked before the guard was dropped",
        );
        rec.must_wake("A", "the guard was dropped in the same poll");
        drop(ready(rec, waits.poll(&a), UNLOCKED));
    });
}

#[test]
fn an_unlock_in_the_middle_of_a_poll_is_not_missed() {
    grade_race!(MUTEX, |rec| {
        let mutex = shared();
        let guard = held(rec, mutex);
        let race = Race::new();
        let rival = {
            let rec = rec.clone();
            race.once(move || {
                rec.note("the guard is dropped, while the waker is cloned");
                drop(guard);
            })
        };
        let a = rec.hostile_waker("A").on_clone(rival).build();
        let mut first = locking(rec, "first", mutex);
        let outcome = first.poll(&a);
        race.finish();
        if outcome.is_pending() && race.was_forced() && rec.wakes("A") == 0 {
            rec.fail_reading(
                "a-lock-that-waits",
                "check-then-register",
                "the guard was dropped in the middle of the poll; the poll answered Pending, and nobody woke A",
            );
        }
        if race.was_forced() && outcome.is_pending() {
            drop(ready(rec, first.poll(&a), UNLOCKED));
        }
    });
}

/// Unlocks in the middle of a poll with waker B, at a moment when that poll holds no lock, and `skip` other
/// such moments have passed by. Before, it is polled by the wakers `before`. Tells whether the poll came by
/// there.
fn is_unlocked_between_locks(rec: &Recorder, before: &[&'static str], skip: usize) -> bool {
    let mutex: &'static mutex::Mutex<u32> = Box::leak(Box::new(mutex::Mutex::new(0)));
    let Some(guard) = mutex.try_lock() else {
        rec.fail(
            "never-ready",
            format!("`try_lock` gave nothing although {OPEN}"),
        )
    };
    let mut first = Box::pin(mutex.lock());
    for name in before {
        let outcome = poll_first(rec, first.as_mut(), &rec.waker(name));
        pending(rec, outcome.map(|_| ()), LOCKED);
    }
    let (race, b, wakes) = (Race::new(), rec.waker("B"), rec.wakes("B"));
    let recorder = rec.clone();
    let rival = race.once(move || {
        recorder.note("the guard is dropped, at a moment when the poll holds no lock");
        drop(guard);
    });
    steps::ambush(skip, rival);
    let outcome = poll_first(rec, first.as_mut(), &b);
    race.finish();
    steps::call_off();
    if !race.was_forced() {
        return false;
    }
    if outcome.is_pending() {
        if rec.wakes("B") == wakes {
            rec.fail_reading(
                "a-lock-that-waits",
                "check-then-register",
                "the guard was dropped in the middle of the poll with waker B; the poll answered Pending, and \
                 nobody woke B",
            );
        }
        let outcome = poll_first(rec, first.as_mut(), &b);
        drop(ready(rec, outcome, UNLOCKED));
    }
    drop(outcome);
    if mutex.try_lock().is_none() {
        rec.fail(
            "never-ready",
            format!("`try_lock` gave nothing although {OPEN}"),
        );
    }
    true
}

/// A poll of the graded file's own lock, by its name in the trace.
fn poll_first<F: Future>(
    rec: &Recorder,
    future: Pin<&mut F>,
    waker: &RecordedWaker,
) -> Poll<F::Output> {
    let describe = |poll: &Poll<F::Output>| poll.is_ready().then(|| String::from("the value"));
    let mut cx = Context::from_waker(waker.as_waker());
    rec.poll_named("first", waker.name(), || future.poll(&mut cx), describe)
}

#[test]
fn an_unlock_between_two_locks_is_not_missed() {
    grade_race!(MUTEX, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for before in [&[][..], &["A"]] {
            for skip in 0.. {
                if !is_unlocked_between_locks(rec, before, skip) {
                    break;
                }
            }
        }
    });
}

#[test]
fn who_is_woken_may_poll_at_once() {
    grade_race!(MUTEX, |rec| {
        let mutex = shared();
        let guard = held(rec, mutex);
        let first = Arc::new(std::sync::Mutex::new(locking(rec, "first", mutex)));
        let answer = Arc::new(std::sync::Mutex::new(None));
        let race = Race::certain();
        let rival = {
            let (rec, first, answer) = (rec.clone(), first.clone(), answer.clone());
            race.once(move || {
                let waits = lock(&first).poll(&rec.waker("B")).is_pending();
                *lock(&answer) = Some(waits);
            })
        };
        let a = rec.hostile_waker("A").on_wake(rival).build();
        pending(rec, lock(&first).poll(&a), LOCKED);
        unlock(rec, guard);
        race.finish();
        match *lock(&answer) {
            None => rec.must_wake("A", UNLOCKED),
            Some(true) if rec.wakes("B") == 0 => rec.fail(
                "wake-before-flag",
                "the task was woken, polled at once on another thread, and found the lock still taken",
            ),
            Some(_) => {}
        }
        if race.was_blocked() {
            rec.advise(
                "wakes-under-lock",
                "while the guard was being dropped, the task that was woken could not be polled",
            );
        }
    });
}

#[test]
fn who_waits_is_not_polled_while_another_works() {
    grade!(MUTEX, lock_turns::nobody_asks_while_one_works);
}

#[test]
fn three_tasks_take_a_thousand_turns() {
    grade!(MUTEX, lock_turns::three_tasks_take_turns);
}

#[test]
fn threads_count_right() {
    grade!(MUTEX, |rec| {
        const THREADS: u32 = 4;
        const ROUNDS: u32 = 25;
        let mutex = shared();
        let count = || {
            for _ in 0..ROUNDS {
                executor::block_on(async {
                    let mut guard = mutex.lock().await;
                    let seen = *guard;
                    thread::yield_now();
                    *guard = seen + 1;
                });
            }
        };
        let all_well = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(count)).collect();
            threads.into_iter().all(|thread| thread.join().is_ok())
        });
        if !all_well {
            rec.fail("panicked", "a thread panicked while it locked or unlocked");
        }
        let outcome = locking(rec, "last", mutex).poll(&rec.waker("A"));
        must_be(rec, *ready(rec, outcome, OPEN), THREADS * ROUNDS);
    });
}
