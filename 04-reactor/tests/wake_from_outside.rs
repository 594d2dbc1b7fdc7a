//! The grader of `wake_from_outside`: first step by step; then on the types of loom, in every order of
//! the steps of a loop and of those who wake it; and at last in a runtime.

#[path = "support/loom_sync.rs"]
mod sync;
#[path = "support/watched_bell.rs"]
mod watched_bell;

// The graded file once more, as a module of this program: here its `crate::sync` is loom's.
#[cfg_attr(
    feature = "my-wake-from-outside",
    path = "../exercises/wake_from_outside.rs"
)]
#[cfg_attr(
    not(feature = "my-wake-from-outside"),
    path = "../src/wake_from_outside.rs"
)]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod wake_from_outside;

#[path = "support/model.rs"]
mod model;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/sleeper_model.rs"]
mod sleeper_model;

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Poll, Waker},
    thread,
};

use course::{Exercise, Race, grade, grade_race};
use model::explore;
use paths_from_std::paths_from_std;
use reactor::{ManualSelector, Runtime, selector};
use sleeper_model::{Scene, Work};
use watched_bell::{Bell, Loop};

const WAKE_FROM_OUTSIDE: Exercise = course::exercise!(
    "wake_from_outside",
    stage = "04-reactor",
    feature = "my-wake-from-outside"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-wake-from-outside")]
const SOURCE: &str = include_str!("../exercises/wake_from_outside.rs");
#[cfg(not(feature = "my-wake-from-outside"))]
const SOURCE: &str = include_str!("../src/wake_from_outside.rs");

#[test]
fn a_loop_that_nobody_has_woken_may_sleep() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        one.must_sleep("nobody has woken the loop");
        one.awake();
        one.must_sleep("nobody has woken the loop since it was awake");
        one.must_have_rung(0, "nobody has woken the loop");
    });
}

#[test]
fn a_wake_ends_the_sleep() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        one.must_sleep("nobody has woken the loop");
        one.wake();
        one.must_have_been_interrupted(1);
    });
}

#[test]
fn a_wake_costs_no_call_while_the_loop_is_awake() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        for _ in 0..3 {
            one.wake();
        }
        one.must_have_rung(0, "the loop was awake");
        one.must_not_sleep("the loop was woken after its last look");
        one.wake();
        one.must_have_rung(0, "the loop was told to look again: it is awake");
        one.must_not_sleep("the loop was woken after it was told to look again");
    });
}

#[test]
fn a_wake_forbids_the_next_sleep() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        one.wake();
        one.must_have_rung(0, "the loop was awake");
        one.must_not_sleep("the loop was woken after its last look");
        one.must_sleep("the loop has been told of the wake, and has looked again");
    });
}

#[test]
fn a_whole_life() {
    grade!(WAKE_FROM_OUTSIDE, lesson, |rec| {
        let one = Loop::new(rec);
        one.wake();
        one.must_not_sleep("the loop was woken after its last look");
        one.must_sleep("the loop has looked again");
        one.wake();
        one.must_have_been_interrupted(1);
        one.awake();
        one.wake();
        one.must_have_rung(1, "the loop was awake again");
        one.must_not_sleep("the loop was woken after its last look");
        one.must_sleep("the loop has looked again");
        one.wake();
        one.must_have_been_interrupted(2);
    });
}

#[test]
fn a_sleep_that_ends_by_itself_leaves_nothing_behind() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        for _ in 0..2 {
            one.must_sleep("nobody has woken the loop");
            rec.note("an I/O event ends the sleep");
            one.awake();
            one.wake();
            one.must_have_rung(0, "the loop was awake again");
            one.must_not_sleep("the loop was woken after its last look");
        }
    });
}

#[test]
fn is_at_rest_after_a_sleep_that_was_interrupted() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        for round in 1..=3 {
            one.must_sleep_soon();
            one.wake();
            one.must_have_been_interrupted(round);
            one.awake();
        }
    });
}

#[test]
fn many_wakes_of_one_sleep_are_one_call() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        one.must_sleep("nobody has woken the loop");
        for _ in 0..3 {
            one.wake();
        }
        one.must_have_been_interrupted(1);
        let rung = one.rung();
        if rung > 1 {
            rec.advise(
                "needless-interrupt",
                format!("3 wakes of one sleep called the system {rung} times"),
            );
        }
    });
}

#[test]
fn wakes_as_a_waker_too() {
    grade!(WAKE_FROM_OUTSIDE, |rec| {
        let one = Loop::new(rec);
        let waker = Waker::from(Arc::clone(&one.interrupter));
        let by_value = waker.clone();
        let by_value: Box<dyn FnOnce()> = Box::new(|| by_value.wake());
        let by_reference: Box<dyn FnOnce()> = Box::new(|| waker.wake_by_ref());
        for wake in [by_value, by_reference] {
            rec.note("somebody wakes the loop's waker");
            wake();
            one.must_have_rung(0, "the loop was awake");
            one.must_not_sleep("its waker was woken after its last look");
        }
        one.must_sleep("the loop has looked again");
        rec.note("somebody wakes the loop's waker");
        waker.wake();
        one.must_have_been_interrupted(1);
    });
}

#[test]
fn is_free_while_it_interrupts() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        let race = Race::certain();
        let bell = Arc::new(Bell::default());
        let one = Loop::with_bell(rec, Arc::clone(&bell));
        let woken = Arc::clone(&one.interrupter);
        bell.in_interrupt(race.once(move || woken.wake()));
        one.must_sleep("nobody has woken the loop");
        one.wake();
        race.finish();
        one.must_have_been_interrupted(1);
        if race.was_blocked() {
            rec.advise(
                "wakes-under-lock",
                "while one thread was in the call of the system, another one could not `wake`",
            );
        }
    });
}

/// What of std threads share, or wait with: the model sees these only through `crate::sync`.
fn goes_around_the_model(path: &str) -> bool {
    const MODULES: [&str; 5] = ["sync", "sync::atomic", "cell", "thread", "hint"];
    const HARMLESS: [&str; 7] = [
        "Arc",
        "Weak",
        "Ordering",
        "LockResult",
        "PoisonError",
        "TryLockError",
        "black_box",
    ];
    let Some(module) = MODULES.iter().rfind(|module| path.starts_with(**module)) else {
        return false;
    };
    let name = path[module.len()..].trim_start_matches("::");
    !HARMLESS.contains(&name.split("::").next().unwrap_or_default())
}

#[test]
fn meets_other_threads_through_sync_alone() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        let paths = paths_from_std(SOURCE);
        if let Some(path) = paths.iter().find(|path| goes_around_the_model(path)) {
            rec.fail(
                "bypassed-seam",
                format!("the file uses `std::{path}`, where the model sees only `crate::sync`"),
            );
        }
        let schedules = explore(rec, 2, |schedule| {
            Scene::new(schedule, Work::locked, 1).meet();
        });
        if schedules == 1 {
            rec.fail(
                "bypassed-seam",
                "the model found one single order for `wake` on one thread and `prepare_to_sleep` on \
                 another: the two share nothing that comes from `crate::sync`",
            );
        }
    });
}

#[test]
fn no_wake_is_lost_in_any_order() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        explore(rec, 2, |schedule| {
            Scene::new(schedule, Work::locked, 1).one_wakes_the_other();
        });
    });
}

#[test]
fn nor_is_one_of_two_in_a_row() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        explore(rec, 2, |schedule| {
            Scene::new(schedule, Work::locked, 2).one_wakes_the_other();
        });
    });
}

#[test]
fn nor_one_of_two_that_meet() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        explore(rec, 3, |schedule| {
            Scene::new(schedule, Work::locked, 2).two_wake_the_third();
        });
    });
}

#[test]
fn what_was_done_before_a_wake_is_seen_after_it() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        for pieces in [1, 2] {
            explore(rec, 2, move |schedule| {
                Scene::new(schedule, Work::unordered, pieces).one_wakes_the_other();
            });
        }
    });
}

#[test]
fn a_runtime_on_its_way_to_sleep_is_woken() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        let manual = ManualSelector::new();
        let _selector = selector::replace(Arc::new(manual.clone()));
        let mut runtime = Runtime::new().expect("the selector is not the system's");
        let done = Arc::new(AtomicBool::new(false));
        let waker: Arc<std::sync::Mutex<Option<Waker>>> = Arc::default();

        let (finish, wake, watch) = (Arc::clone(&done), Arc::clone(&waker), rec.clone());
        let looked = manual.clone();
        manual.before_sleep(move |_timeout| {
            let (finish, wake) = (Arc::clone(&finish), Arc::clone(&wake));
            let other = thread::spawn(move || {
                finish.store(true, SeqCst);
                let waker = wake.lock().ok().and_then(|mut waker| waker.take());
                waker.expect("the future left its waker").wake();
            });
            other.join().expect("a wake does not panic");
            if looked.interrupts() == 0 {
                let seen = "a runtime was about to sleep, its future was woken, and nobody interrupted the selector";
                watch.fail_reading("woken-while-asleep", "lost-wakeup", seen);
            }
        });
        runtime.block_on(poll_fn(move |cx| {
            if let Ok(mut waker) = waker.lock() {
                waker.replace(cx.waker().clone());
            }
            match done.load(SeqCst) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}

#[test]
fn the_tasks_of_a_runtime_wake_each_other_without_the_system() {
    grade_race!(WAKE_FROM_OUTSIDE, |rec| {
        const YIELDS: usize = 200;
        let manual = ManualSelector::new();
        let _selector = selector::replace(Arc::new(manual.clone()));
        let mut runtime = Runtime::new().expect("the selector is not the system's");
        runtime.block_on(async {
            let tasks = [(); 2].map(|()| {
                executor::spawn(async {
                    for _ in 0..YIELDS {
                        executor::yield_now().await;
                    }
                })
            });
            for task in tasks {
                let _ = task.await;
            }
        });
        let interrupts = manual.interrupts();
        if interrupts > 0 {
            rec.fail(
                "needless-interrupt",
                format!(
                    "two tasks of one thread yielded {YIELDS} times each, and nobody slept in the selector; how often \
                     it was interrupted: {interrupts}"
                ),
            );
        }
    });
}
