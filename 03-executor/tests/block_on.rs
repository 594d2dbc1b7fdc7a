//! The grader of `block_on`: it polls when it was woken, sleeps otherwise, and misses no wake.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod blocked;
    pub mod script;
    pub mod wait_steps;
    pub mod watched;
}

// The graded file once more, as a module of this program: here something can happen around each lock
// and before each wait on a `Condvar`. Its other names from the crate are the layer's.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's modules, in a program"
)]
#[cfg_attr(feature = "my-block-on", path = "../exercises/block_on.rs")]
#[cfg_attr(not(feature = "my-block-on"), path = "../src/block_on.rs")]
mod block_on;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
#[path = "../src/enter.rs"]
mod enter;
#[allow(dead_code, reason = "not every solution uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/waiting_sync.rs"]
mod sync;

use std::{
    cell::Cell,
    future::{poll_fn, ready},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::mpsc,
    task::{Poll, Waker},
    thread,
    time::Duration,
};

use block_on::Parker;
use course::{Exercise, Race, Recorder, grade, grade_race};
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use paths_from_std::advise_locks_of_the_course;
use support::{
    blocked::{Blocked, Mistake, must_be_the_answer},
    script::Script,
    wait_steps,
};

const BLOCK_ON: Exercise =
    course::exercise!("block_on", stage = "03-executor", feature = "my-block-on");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-block-on")]
const SOURCE: &str = include_str!("../exercises/block_on.rs");
#[cfg(not(feature = "my-block-on"))]
const SOURCE: &str = include_str!("../src/block_on.rs");

const WOKEN: Mistake = (
    "lost-wakeup",
    "the future was woken while the thread slept, and the thread sleeps on",
);
const DONE: Mistake = (
    "never-returns",
    "the future has answered Ready, and the thread sleeps",
);

#[test]
fn gives_what_a_ready_future_gives() {
    grade!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        future.can_finish();
        let theirs = future.clone();
        let blocked = Blocked::start(rec, move |tell| executor::block_on(theirs.future(&tell)));
        let blocked = blocked.polls(
            &future,
            1,
            (
                "never-polled",
                "the thread sleeps, and has not polled the future once",
            ),
        );
        must_be_the_answer(rec, blocked.returns(DONE));
    });
}

#[test]
fn runs_futures_that_stay_on_their_thread() {
    grade_race!(BLOCK_ON, |rec| {
        let (count, borrowed) = (Rc::new(Cell::new(0)), String::from("borrowed"));
        let length = executor::block_on(async {
            count.set(count.get() + 1);
            borrowed.len()
        });
        if (length, count.get()) != (8, 1) {
            rec.fail(
                "wrong-value",
                format!(
                    "a future that gives 8, and counts 1, gave {length}, and counted {}",
                    count.get()
                ),
            );
        }
    });
}

#[test]
fn sleeps_until_it_is_woken() {
    grade!(BLOCK_ON, lesson, |rec| {
        let future = Script::new(rec, "future");
        let theirs = future.clone();
        let blocked = Blocked::start(rec, move |tell| executor::block_on(theirs.future(&tell)));
        let mut blocked = blocked.sleeps();
        for polls in 2..5 {
            future.wake_for_nothing();
            blocked = blocked.polls(&future, polls, WOKEN).sleeps();
        }
        future.finish();
        must_be_the_answer(rec, blocked.returns(WOKEN));
    });
}

const LOST_IN_POLL: Mistake = (
    "lost-in-poll",
    "the future was woken during its own poll, and the thread sleeps",
);

/// What `block_on` returns for a future that was woken in its poll. Fails as `mistake` says if it sleeps,
/// unless that is so because it keeps no such wake at all.
fn returns(rec: &Recorder, blocked: Blocked<u32>, mistake: Mistake) -> u32 {
    if blocked.ends_or_sleeps() || keeps_a_wake_of_the_poll(rec) {
        return blocked.returns(mistake);
    }
    if remembers_a_wake(rec) {
        return blocked.returns(LOST_IN_POLL);
    }
    blocked.returns((
        "early-wake",
        "the future was woken during its own poll, and the thread sleeps; a parker that is woken before it parks \
         sleeps, too",
    ))
}

/// Whether `block_on` comes back if all that ever happens is a wake in the first poll.
fn keeps_a_wake_of_the_poll(rec: &Recorder) -> bool {
    let blocked = Blocked::start(rec, |tell| {
        let mut woken = false;
        executor::block_on(poll_fn(move |cx| {
            if mem::replace(&mut woken, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        drop(tell);
    });
    blocked.ends_or_sleeps()
}

/// Whether a parker that is woken before it parks comes back.
fn remembers_a_wake(rec: &Recorder) -> bool {
    let blocked = Blocked::start(rec, |tell| {
        let parker = Parker::new();
        parker.waker().wake();
        parker.park();
        drop(tell);
    });
    blocked.ends_or_sleeps()
}

#[test]
fn keeps_a_wake_that_comes_during_the_poll() {
    grade!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        let (by_itself, by_another) = (future.clone(), future.clone());
        let future = future
            .in_poll(1, move |waker| by_itself.wake_by(waker))
            .in_poll(2, move |waker| {
                let waker = waker.clone();
                by_another.can_finish();
                let thread = thread::spawn(move || by_another.wake_by(&waker));
                thread.join().expect("a wake does not panic");
            });
        let blocked = Blocked::start(rec, move |tell| executor::block_on(future.future(&tell)));
        must_be_the_answer(rec, returns(rec, blocked, LOST_IN_POLL));
    });
}

#[test]
fn survives_a_future_that_uses_up_the_threads_token() {
    grade!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        let theirs = future.clone();
        let future = future.in_poll(1, move |waker| {
            theirs.can_finish();
            theirs.wake_by(waker);
            // As a lock, a channel or a `println!` of std may do it: each may park the thread.
            thread::park_timeout(Duration::from_millis(1));
        });
        let blocked = Blocked::start(rec, move |tell| executor::block_on(future.future(&tell)));
        let mistake = (
            "eaten-token",
            "the future was woken, and then parked its thread for a moment, within one poll; now the \
             thread sleeps",
        );
        must_be_the_answer(rec, returns(rec, blocked, mistake));
    });
}

#[test]
fn a_stray_token_ends_nothing() {
    grade!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        let (theirs, (show, shown)) = (future.clone(), mpsc::channel());
        let blocked = Blocked::start(rec, move |tell| {
            show.send(thread::current()).expect("the test waits for it");
            executor::block_on(theirs.future(&tell))
        });
        let thread = shown.recv().expect("it is sent at once");
        let mut blocked = blocked.sleeps();
        for _ in 0..3 {
            thread.unpark();
            blocked = blocked.sleeps();
        }
        future.finish();
        must_be_the_answer(rec, blocked.returns(WOKEN));
    });
}

#[test]
fn a_parker_remembers_one_wake() {
    grade_race!(BLOCK_ON, |rec| {
        let (show, shown) = mpsc::channel();
        let blocked = Blocked::start(rec, move |tell| {
            let parker = Parker::default();
            let waker = parker.waker();
            waker.wake_by_ref();
            waker.wake_by_ref();
            show.send(waker).expect("the test waits for it");
            // More often than it was woken: the last one sleeps.
            for _ in 0..3 {
                parker.park();
                tell.send("parked").expect("the test waits for it");
            }
        });
        let Ok(waker) = shown.recv() else {
            // It has panicked, and that comes out here.
            return blocked.returns(NOT_PARKED);
        };
        let mut parks = blocked.tells();
        if parks == 0 {
            parks = blocked.tells_certainly();
        }
        if parks == 0 {
            rec.fail(
                "early-wake",
                "the parker was woken before anybody parked, and `park` sleeps",
            );
        }
        if parks > 2 {
            rec.fail(
                "old-wake-stays",
                format!("the parker was woken twice, and {parks} calls of `park` returned"),
            );
        }
        if parks > 1 {
            rec.advise(
                "piled-permits",
                format!("the parker was woken twice before anybody parked, and {parks} parks returned at once"),
            );
        }
        for _ in parks..3 {
            waker.wake_by_ref();
            blocked.tells();
        }
        blocked.returns(NOT_PARKED);
    });
}

const NOT_PARKED: Mistake = ("lost-wakeup", "the parker was woken, and `park` sleeps on");

#[test]
fn a_parker_sleeps_until_it_is_woken() {
    grade_race!(BLOCK_ON, |rec| {
        let (show, shown) = mpsc::channel();
        let blocked = Blocked::start(rec, move |tell| {
            let parker = Parker::new();
            let shown = (thread::current(), parker.waker());
            show.send(shown).expect("the test waits for it");
            wait_steps::end_waits_for_nothing(3);
            parker.park();
            drop(tell);
        });
        let Ok((thread, waker)) = shown.recv() else {
            return blocked.returns(NOT_PARKED);
        };
        for _ in 0..3 {
            if blocked.ends_or_sleeps() {
                rec.fail(
                    "spurious-return",
                    "nobody has woken the parker, and `park` has returned",
                );
            }
            thread.unpark();
        }
        waker.wake();
        blocked.returns(NOT_PARKED);
    });
}

#[test]
fn a_parker_may_be_made_on_another_thread() {
    grade_race!(BLOCK_ON, |rec| {
        let parker = Parker::new();
        let waker = parker.waker();
        let blocked = Blocked::start(rec, move |tell| {
            parker.park();
            drop(tell);
        });
        let blocked = blocked.sleeps();
        waker.wake();
        blocked.returns((
            "wakes-the-maker",
            "the parker was made on one thread, and another one parks there: it was woken, and sleeps on",
        ));
    });
}

#[test]
fn two_threads_that_block_do_not_disturb_each_other() {
    grade!(BLOCK_ON, |rec| {
        let futures = [Script::new(rec, "left"), Script::new(rec, "right")];
        for first in [0, 1] {
            let futures = futures
                .each_ref()
                .map(|script| Script::new(rec, script.name));
            let [left, right] = futures.each_ref().map(|future| {
                let theirs = future.clone();
                let block = move |tell| executor::block_on(theirs.future(&tell));
                Blocked::start(rec, block).sleeps()
            });
            let (one, other) = if first == 0 {
                (left, right)
            } else {
                (right, left)
            };
            let mistake = (
                "overwritten-wake",
                "two threads block on a future each; the future of this one was woken, and it sleeps on",
            );
            futures[first].finish();
            must_be_the_answer(rec, one.returns(mistake));
            futures[1 - first].finish();
            must_be_the_answer(rec, other.returns(mistake));
        }
    });
}

#[test]
fn nested_use_panics_and_says_so() {
    grade!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        let (theirs, recorder) = (future.clone(), rec.clone());
        let future = future.in_poll(1, move |waker| {
            must_refuse(&recorder, "block_on", || executor::block_on(ready(1)));
            must_refuse(&recorder, "run", || drop(executor::enter::enter("run")));
            theirs.can_finish();
            theirs.wake_by(waker);
        });
        let blocked = Blocked::start(rec, move |tell| {
            let output = executor::block_on(future.future(&tell));
            // The refusal was caught, and has spoilt nothing.
            executor::block_on(ready(output))
        });
        let mistake = (
            "nested-executor",
            "`block_on` was called inside `block_on`: it sleeps, and neither of the two goes on",
        );
        must_be_the_answer(rec, returns(rec, blocked, mistake));
    });
}

/// The rule that an executor inside an executor is refused, in words.
fn must_refuse<T>(recorder: &Recorder, what: &str, nested: impl FnOnce() -> T) {
    let Err(panic) = catch_unwind(AssertUnwindSafe(nested)) else {
        recorder.fail(
            "nested-executor",
            format!("`{what}` was called inside `block_on`, and was let in"),
        );
    };
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let words = words.unwrap_or("(no message)");
    if !words.contains("block_on") && !words.contains("nest") {
        recorder.fail(
            "nested-executor",
            format!("`{what}` was called inside `block_on`, and all that its caller was told is: {words}"),
        );
    }
}

#[test]
fn a_panic_leaves_the_thread_usable() {
    grade!(BLOCK_ON, |rec| {
        let recorder = rec.clone();
        let blocked = Blocked::start(rec, move |tell| {
            let mut panics: [(&str, &str, Panics); 2] = [
                (
                    "swallowed-panic",
                    "a future panicked",
                    Box::new(|| executor::block_on(poll_fn(throws))),
                ),
                (
                    "nested-executor",
                    "`block_on` was called inside `block_on`",
                    Box::new(|| executor::block_on(async { executor::block_on(ready(())) })),
                ),
            ];
            for (code, what, panics) in &mut panics {
                if catch_unwind(AssertUnwindSafe(panics)).is_ok() {
                    recorder.fail(code, format!("{what}, and `block_on` returned"));
                }
                let again = catch_unwind(AssertUnwindSafe(|| executor::block_on(ready(()))));
                if again.is_err() {
                    recorder.fail(
                        "stays-entered",
                        format!("{what}; after that, `block_on` panicked on the same thread for any future"),
                    );
                }
            }
            let script = Script::new(&recorder, "future");
            let theirs = script.clone();
            let script = script.in_poll(1, move |waker| {
                theirs.can_finish();
                theirs.wake_by(waker);
            });
            executor::block_on(script.future(&tell))
        });
        let mistake = (
            "stays-entered",
            "after a panic in it, `block_on` sleeps for ever",
        );
        must_be_the_answer(rec, returns(rec, blocked, mistake));
    });
}

/// A use of `block_on` that panics.
type Panics = Box<dyn FnMut()>;

fn throws(_: &mut std::task::Context<'_>) -> Poll<()> {
    panic!("thrown in a poll");
}

#[test]
fn a_late_wake_does_no_harm() {
    grade!(BLOCK_ON, |rec| {
        let old = executor::block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
        old.wake_by_ref();
        let (future, late) = (Script::new(rec, "future"), old.clone());
        let theirs = future.clone();
        let blocked = Blocked::start(rec, move |tell| {
            let old = executor::block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
            old.wake_by_ref();
            (executor::block_on(theirs.future(&tell)), old)
        });
        let blocked = blocked.sleeps();
        late.wake();
        old.wake_by_ref();
        let blocked = blocked.sleeps();
        future.finish();
        let (output, of_the_dead) = blocked.returns(WOKEN);
        must_be_the_answer(rec, output);
        // Its thread has ended.
        of_the_dead.wake_by_ref();
        of_the_dead.wake();
    });
}

#[test]
fn keeps_a_wake_that_comes_just_before_the_sleep() {
    grade_race!(BLOCK_ON, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for skip in 0.. {
            if !a_wake_comes_at_a_step(rec, skip) {
                break;
            }
        }
    });
}

/// Wakes from another thread at a step between the poll and the sleep. Tells whether there was a step.
fn a_wake_comes_at_a_step(rec: &Recorder, skip: usize) -> bool {
    let (future, race) = (Script::new(rec, "future"), Race::new());
    let (theirs, ours) = (future.clone(), race.clone());
    let theirs = theirs.clone().in_poll(1, move |waker: &Waker| {
        let (waker, recorder) = (waker.clone(), theirs.recorder().clone());
        wait_steps::ambush(
            skip,
            ours.once(move || {
                recorder.note("the thread is about to sleep");
                theirs.can_finish();
                theirs.wake_by(&waker);
            }),
        );
    });
    let blocked = Blocked::start(rec, move |tell| block_on::block_on(theirs.future(&tell)));
    let mut ended = blocked.ends_or_sleeps();
    if !ended && race.was_forced() {
        // On a busy machine it can be seen asleep because the other thread has not begun yet.
        race.finish();
        ended = blocked.ends_or_sleeps();
    }
    race.finish();
    if !race.was_forced() {
        future.finish();
    } else if !ended {
        rec.fail(
            "lost-before-sleep",
            "the future was woken when its poll was over and before the thread slept; now the thread sleeps",
        );
    }
    must_be_the_answer(rec, blocked.returns(WOKEN));
    race.was_forced()
}

/// How often each of the threads wakes.
const ROUNDS: usize = 300;

#[test]
fn is_woken_by_any_thread_at_any_time() {
    grade_race!(BLOCK_ON, |rec| {
        let future = Script::new(rec, "future");
        let theirs = future.clone();
        let mut blocked = Blocked::start(rec, move |tell| executor::block_on(theirs.future(&tell)));
        blocked = blocked.sleeps();
        let waker = future.waker();
        let busy: Vec<_> = (0..2)
            .map(|_| {
                let (future, waker) = (future.clone(), waker.clone());
                thread::spawn(move || (0..ROUNDS).for_each(|_| future.wake_by(&waker)))
            })
            .collect();
        for _ in 0..ROUNDS {
            // Whatever the others do: a poll that begins after this wake has to come.
            let polls = future.polls();
            future.wake_by(&waker);
            blocked = blocked.polls(&future, polls + 1, WOKEN);
        }
        for thread in busy {
            thread.join().expect("a wake does not panic");
        }
        future.finish();
        must_be_the_answer(rec, blocked.returns(WOKEN));
    });
}
