//! The grader of `timer`: never early, and when its time has come, the task that polled last hears of it.

mod support;

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's.
#[allow(dead_code, reason = "not every timer uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/stepped_sync.rs"]
mod sync;
#[cfg_attr(feature = "my-timer", path = "../exercises/timer.rs")]
#[cfg_attr(not(feature = "my-timer"), path = "../src/timer.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod timer;

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use course::{Exercise, Recorder, Task, grade, grade_race};
use paths_from_std::advise_locks_of_the_course;
use support::{
    Time, pending,
    races::{
        CAME, HOUR, Moment, STANDS, the_time_comes_after_any_look,
        the_time_comes_between_any_locks, the_time_comes_in_a_poll, the_woken_task_polls_at_once,
    },
    ready,
};
#[allow(unused_imports, reason = "for the graded file")]
use waker_timer::*;
use waker_timer::{
    TimerFuture,
    clock::{self, RealClock},
};

const TIMER: Exercise = course::exercise!("timer", stage = "02-waker-timer", feature = "my-timer");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-timer")]
const SOURCE: &str = include_str!("../exercises/timer.rs");
#[cfg(not(feature = "my-timer"))]
const SOURCE: &str = include_str!("../src/timer.rs");

/// The shortest time that there is.
const TICK: Duration = Duration::from_nanos(1);

/// Completes "… although".
const EARLY: &str = "its time has not come";

/// The run's only task: it waits for an hour.
fn an_hour(rec: &Recorder) -> Task<TimerFuture> {
    Task::new(rec, TimerFuture::new(HOUR))
}

#[test]
fn is_never_ready_before_its_time() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        // A tick more than an hour: who counts in whole seconds is early.
        let mut timer = Task::new(rec, TimerFuture::new(HOUR + TICK));
        let a = rec.waker("A");
        for _ in 0..3 {
            pending(rec, timer.poll(&a), STANDS);
            rec.must_be_quiet();
        }
        time.pass(HOUR);
        let wakes = rec.wakes("A");
        pending(rec, timer.poll(&a), EARLY);
        rec.must_be_quiet();
        if wakes > 0 {
            rec.fail(
                "busy-wake",
                "waker A was woken before the timer's time had come",
            );
        }
    });
}

#[test]
fn knows_no_clock_but_the_courses() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let mut timer = Task::new(rec, TimerFuture::new(TICK));
        // On the wall the time passes here; the course's clock stands.
        let start = Instant::now();
        while start.elapsed() <= TICK {
            std::hint::spin_loop();
        }
        let polled = timer.poll(&rec.waker("A"));
        time.must_be_used();
        if polled.is_ready() {
            rec.fail(
                "bypassed-seam",
                "a nanosecond passed on another clock, `crate::clock` stood still, and the timer was Ready: \
                 ask `clock::now`",
            );
        }
    });
}

#[test]
fn wakes_its_task_when_the_time_has_come() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let (mut timer, a) = (an_hour(rec), rec.waker("A"));
        pending(rec, timer.poll(&a), STANDS);
        time.pass(HOUR);
        rec.must_wake("A", CAME);
        ready(rec, timer.poll(&a), CAME);
    });
}

#[test]
fn counts_from_new_on_also_if_it_is_polled_late() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let (mut timer, a) = (an_hour(rec), rec.waker("A"));
        time.pass(HOUR / 2);
        pending(rec, timer.poll(&a), EARLY);
        time.pass(HOUR / 2);
        if rec.wakes("A") == 0 {
            must_not_be_late(rec, &time);
        }
        rec.must_wake("A", CAME);
        ready(rec, timer.poll(&a), CAME);
    });
}

#[test]
fn is_ready_at_its_first_poll_if_that_comes_too_late() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let (mut timer, a) = (an_hour(rec), rec.waker("A"));
        time.pass(HOUR);
        let polled = timer.poll(&a);
        if polled.is_pending() {
            must_not_be_late(rec, &time);
        }
        ready(rec, polled, "its time had come before the poll");
    });
}

/// Fails with `late-start` if the waker A, that should have been woken by now, is woken within an hour.
fn must_not_be_late(rec: &Recorder, time: &Time) {
    time.pass(HOUR);
    if rec.wakes("A") > 0 {
        rec.fail(
            "late-start",
            "the timer was made, polled later, and was late by that much",
        );
    }
}

#[test]
fn no_time_at_all_is_over_soon() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let mut timer = Task::new(rec, TimerFuture::new(Duration::ZERO));
        let a = rec.waker("A");
        // Ready at once, or when the clock has had its turn: both are right.
        if timer.poll(&a).is_pending() {
            time.pass(Duration::ZERO);
            rec.must_wake("A", "it waits for no time at all");
            ready(rec, timer.poll(&a), "it waits for no time at all");
        }
    });
}

#[test]
fn the_longest_time_never_ends() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let mut timer = Task::new(rec, TimerFuture::new(Duration::MAX));
        let a = rec.waker("A");
        pending(rec, timer.poll(&a), STANDS);
        time.pass(365 * 24 * HOUR);
        rec.must_be_quiet();
        pending(rec, timer.poll(&a), EARLY);
        rec.must_be_quiet();
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(TIMER, lesson, |rec| {
        let time = Time::stop(rec);
        let (mut timer, a, b) = (an_hour(rec), rec.waker("A"), rec.waker("B"));
        pending(rec, timer.poll(&a), STANDS);
        pending(rec, timer.poll(&b), STANDS);
        rec.must_be_quiet();
        time.pass(HOUR);
        rec.must_wake("B", CAME);
        ready(rec, timer.poll(&b), CAME);
    });
}

#[test]
fn wakes_the_latest_waker_also_if_it_comes_back() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let (mut timer, a, b) = (an_hour(rec), rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &b, &a] {
            pending(rec, timer.poll(waker), STANDS);
            rec.must_be_quiet();
        }
        // One ring from `new` and another from the first poll: nothing needs more than that.
        if time.asked() > 2 {
            let seen = format!("4 polls of one timer asked for {} rings", time.asked());
            rec.advise("wait-per-poll", seen);
        }
        time.pass(HOUR);
        rec.must_wake("A", CAME);
        ready(rec, timer.poll(&a), CAME);
    });
}

#[test]
fn two_timers_do_not_disturb_each_other() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let mut long = Task::named(rec, "long", TimerFuture::new(2 * HOUR));
        let mut short = Task::named(rec, "short", TimerFuture::new(HOUR));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, short.poll(&a), STANDS);
        pending(rec, long.poll(&b), STANDS);
        time.pass(HOUR);
        must_hear(rec, "A", "short");
        pending(rec, long.poll(&b), EARLY);
        ready(rec, short.poll(&a), CAME);
        time.pass(HOUR);
        must_hear(rec, "B", "long");
        ready(rec, long.poll(&b), CAME);
    });
}

/// The rule that one timer's waker does not push out another's.
fn must_hear(rec: &Recorder, waker: &str, timer: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail(
            "overwritten-wake",
            format!("the time of `{timer}` has come, and its waker {waker} was not woken"),
        );
    }
}

#[test]
fn a_dropped_timer_keeps_no_task_alive() {
    grade!(TIMER, |rec| {
        let time = Time::stop(rec);
        let mut early = Task::named(rec, "early", TimerFuture::new(HOUR));
        let mut late = Task::named(rec, "late", TimerFuture::new(HOUR));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, early.poll(&a), STANDS);
        pending(rec, late.poll(&b), STANDS);

        rec.note("`early` is dropped");
        drop(early);
        must_be_released(rec, a.clones_alive(), "before its time");
        time.pass(HOUR);
        rec.note("`late` is dropped");
        drop(late);
        must_be_released(rec, b.clones_alive(), "after its time");
    });
}

fn must_be_released(rec: &Recorder, clones: usize, when: &str) {
    if clones > 0 {
        rec.fail(
            "keeps-task-alive",
            format!("the timer was dropped {when}; {clones} of its task's wakers are still there"),
        );
    }
}

#[test]
fn misses_no_time_that_comes_in_its_first_poll() {
    grade_race!(TIMER, |rec| {
        let time = Time::stop(rec);
        let moment = Moment::WhileTheWakerIsCloned;
        the_time_comes_in_a_poll(rec, &time, moment, &[], TimerFuture::new(HOUR));
    });
}

#[test]
fn misses_no_time_that_comes_while_it_moves() {
    grade_race!(TIMER, |rec| {
        let time = Time::stop(rec);
        let moment = Moment::WhileTheWakerIsCloned;
        the_time_comes_in_a_poll(rec, &time, moment, &["A"], TimerFuture::new(HOUR));
    });
}

#[test]
fn misses_no_time_that_comes_after_any_look_at_the_clock() {
    grade_race!(TIMER, |rec| {
        let time = Time::stop(rec);
        the_time_comes_after_any_look(rec, &time, || TimerFuture::new(HOUR));
    });
}

#[test]
fn misses_no_time_that_comes_between_two_locks() {
    grade_race!(TIMER, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        let time = Time::stop(rec);
        the_time_comes_between_any_locks(rec, &time, || timer::TimerFuture::new(HOUR));
    });
}

#[test]
fn sets_its_flag_before_it_wakes() {
    grade_race!(TIMER, |rec| {
        let time = Time::stop(rec);
        the_woken_task_polls_at_once(rec, &time, TimerFuture::new(HOUR));
    });
}

#[test]
fn wakes_on_the_real_clock_too() {
    // Not compared: whether the first poll comes in time is the system's choice.
    grade_race!(TIMER, |rec| {
        let _real = clock::replace(Arc::new(RealClock));
        let short = Duration::from_millis(5);
        let (tell, told) = mpsc::channel();
        let wake = move || tell.send(()).unwrap_or_default();
        let a = rec.hostile_waker("A").on_wake(wake).build();

        let start = Instant::now();
        let mut timer = Task::new(rec, TimerFuture::new(short));
        if timer.poll(&a).is_pending() {
            // Without a limit of its own: who is never woken hangs, and the runner says so.
            let _ = told.recv();
            ready(rec, timer.poll(&a), CAME);
        }
        if start.elapsed() < short {
            rec.fail("early-ready", "the timer did not wait for its 5 ms");
        }
    });
}
