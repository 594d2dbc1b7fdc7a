//! The grader of `delay`: the clock decides, one wait serves all polls, and no moment is left in which
//! the time could come unheard.

mod support;

use std::{
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use course::{Exercise, Race, Recorder, Task, grade, grade_race};
use futures::{executor::block_on, future::join};
use support::{
    Time, pending,
    races::{CAME, HOUR, STANDS, the_woken_task_polls_at_once},
    ready,
};
use waker_timer::{
    Delay,
    clock::{self, RealClock},
};

const DELAY: Exercise = course::exercise!("delay", stage = "02-waker-timer", feature = "my-delay");

const REST: Duration = Duration::from_nanos(1);

/// Completes "… although".
const EARLY: &str = "its time has not come";

/// A delay of an hour, with the run's only task around it.
fn delay(rec: &Recorder) -> Task<Delay> {
    Task::new(rec, Delay::new(HOUR))
}

#[test]
fn knows_no_other_clock_than_the_courses() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::new(REST));
        // On the wall the time passes now; the course's clock stands.
        let start = Instant::now();
        while start.elapsed() <= REST {
            std::hint::spin_loop();
        }
        let polled = delay.poll(&rec.waker("A"));
        time.must_be_used();
        if polled.is_ready() {
            rec.fail(
                "bypassed-seam",
                "the delay was Ready after a nanosecond of another clock, while `clock` stood still",
            );
        }
    });
}

#[test]
fn is_never_ready_before_its_time() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a) = (delay(rec), rec.waker("A"));
        for _ in 0..3 {
            pending(rec, delay.poll(&a), STANDS);
            rec.must_be_quiet();
        }
        time.pass(HOUR - REST);
        rec.must_be_quiet();
        pending(rec, delay.poll(&a), EARLY);
        rec.must_be_quiet();
    });
}

#[test]
fn wakes_its_task_when_the_time_has_come() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let mut delay = delay(rec);
        let asked_in_new = time.looks() + time.asked();
        let a = rec.waker("A");
        pending(rec, delay.poll(&a), STANDS);
        if time.asked() == 0 && a.clones_alive() > 0 {
            rec.fail(
                "bypassed-seam",
                "the delay keeps its task's waker, and nobody has asked `clock::ring_after` for a ring",
            );
        }
        time.pass(HOUR);
        rec.must_wake("A", CAME);
        let polled = delay.poll(&a);
        if polled.is_pending() && asked_in_new == 0 {
            rec.fail(
                "bypassed-seam",
                "`new` did not ask `clock` for the time, and an hour later the delay is not over",
            );
        }
        ready(rec, polled, CAME);
    });
}

#[test]
fn is_ready_at_its_first_poll_if_its_time_is_past() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let (start, mut kept) = (clock::now(), delay(rec));
        time.pass(HOUR);
        let a = rec.waker("A");
        let polled = kept.poll(&a);
        if polled.is_pending() {
            time.pass(HOUR);
            if rec.wakes("A") > 0 {
                rec.fail(
                    "late-start",
                    "the first poll came when the hour was over, and the delay began to wait then",
                );
            }
        }
        ready(rec, polled, "its hour was over before the first poll");
        for past in [
            Delay::until(start),
            Delay::until(clock::now()),
            Delay::new(Duration::ZERO),
        ] {
            let polled = Task::new(rec, past).poll(&a);
            ready(rec, polled, "its time had come before the first poll");
        }
    });
}

#[test]
fn counts_from_the_moment_it_was_made() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a) = (delay(rec), rec.waker("A"));
        time.pass(HOUR / 2);
        pending(rec, delay.poll(&a), EARLY);
        time.pass(HOUR / 2);
        if rec.wakes("A") == 0 {
            time.pass(HOUR / 2);
            if rec.wakes("A") > 0 {
                rec.fail(
                    "late-start",
                    "the first poll came half an hour after `new`, and the hour began with the poll",
                );
            }
        }
        rec.must_wake("A", CAME);
        ready(rec, delay.poll(&a), CAME);
    });
}

#[test]
fn waits_until_a_given_time() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::until(clock::now() + HOUR));
        let a = rec.waker("A");
        time.pass(HOUR / 2);
        pending(rec, delay.poll(&a), EARLY);
        time.pass(HOUR / 2 - REST);
        pending(rec, delay.poll(&a), EARLY);
        rec.must_be_quiet();
        time.pass(REST);
        rec.must_wake("A", CAME);
        ready(rec, delay.poll(&a), CAME);
    });
}

#[test]
fn the_longest_delay_never_ends() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::new(Duration::MAX));
        let a = rec.waker("A");
        pending(rec, delay.poll(&a), STANDS);
        time.pass(HOUR * 24 * 365);
        rec.must_be_quiet();
        pending(rec, delay.poll(&a), EARLY);
        rec.must_be_quiet();
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(DELAY, lesson, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a, b) = (delay(rec), rec.waker("A"), rec.waker("B"));
        pending(rec, delay.poll(&a), STANDS);
        pending(rec, delay.poll(&b), STANDS);
        rec.must_be_quiet();
        time.pass(HOUR);
        rec.must_wake("B", CAME);
        ready(rec, delay.poll(&b), CAME);
    });
}

#[test]
fn wakes_the_latest_waker_also_if_it_was_there_before() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a, b) = (delay(rec), rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &b, &a] {
            pending(rec, delay.poll(waker), STANDS);
            rec.must_be_quiet();
        }
        time.pass(HOUR);
        rec.must_wake("A", CAME);
        ready(rec, delay.poll(&a), CAME);
    });
}

#[test]
fn waits_once_however_often_it_is_polled() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a, b) = (delay(rec), rec.waker("A"), rec.waker("B"));
        for waker in [&a, &a, &b] {
            pending(rec, delay.poll(waker), EARLY);
            time.pass(HOUR / 4);
        }
        pending(rec, delay.poll(&b), EARLY);
        if time.asked() > 1 {
            rec.fail(
                "wait-per-poll",
                format!(
                    "4 polls have asked for {} rings: on the real clock, one sleeping thread each",
                    time.asked()
                ),
            );
        }
        time.pass(HOUR / 4);
        rec.must_wake("B", CAME);
    });
}

#[test]
fn keeps_two_delays_apart() {
    grade!(DELAY, |rec| {
        let time = Time::stop(rec);
        let mut long = Task::named(rec, "long", Delay::new(HOUR * 2));
        let mut short = Task::named(rec, "short", Delay::new(HOUR));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, long.poll(&a), STANDS);
        pending(rec, short.poll(&b), STANDS);
        time.pass(HOUR);
        must_hear(rec, "B", "short");
        pending(rec, long.poll(&a), EARLY);
        ready(rec, short.poll(&b), CAME);
        time.pass(HOUR);
        must_hear(rec, "A", "long");
        ready(rec, long.poll(&a), CAME);
    });
}

/// The rule that one delay's waker does not push out another's.
fn must_hear(rec: &Recorder, waker: &str, delay: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail(
            "overwritten-wake",
            format!("the time of `{delay}` has come, and its waker {waker} was not woken"),
        );
    }
}

#[test]
fn a_dropped_delay_keeps_no_task_alive() {
    grade!(DELAY, |rec| {
        let _time = Time::stop(rec);
        let (mut delay, a, b) = (delay(rec), rec.waker("A"), rec.waker("B"));
        pending(rec, delay.poll(&a), STANDS);
        pending(rec, delay.poll(&b), STANDS);
        drop(delay);
        for (clones, waker) in [(a.clones_alive(), "A"), (b.clones_alive(), "B")] {
            if clones > 0 {
                rec.fail(
                    "keeps-task-alive",
                    format!(
                        "the delay was dropped, and waker {waker} is still kept ({clones} times)"
                    ),
                );
            }
        }
    });
}

#[test]
fn a_time_that_comes_while_a_waker_is_cloned_is_not_missed() {
    grade_race!(DELAY, |rec| {
        for before in [None, Some("A")] {
            let (time, race) = (Time::stop(rec), Race::new());
            let pass = time.passing_noted(HOUR, "while the waker is cloned");
            let latest = rec.hostile_waker("B").on_clone(race.once(pass)).build();
            let mut delay = polled_before(rec, before);
            let wakes = rec.wakes("B");
            let polled = delay.poll(&latest);
            race.finish();
            must_have_noticed(rec, &time, &polled, rec.wakes("B") > wakes);
        }
    });
}

#[test]
fn a_time_that_comes_after_any_look_at_the_clock_is_not_missed() {
    grade_race!(DELAY, |rec| {
        for before in [None, Some("A")] {
            // The first look of the poll, the second, and so on, until there is none.
            for skip in 0.. {
                let (time, race) = (Time::stop(rec), Race::new());
                let latest = rec.waker("B");
                let mut delay = polled_before(rec, before);
                let pass = time.passing_noted(HOUR, "after the delay has looked at the clock");
                time.after_look(skip, race.once(pass));
                let wakes = rec.wakes("B");
                let polled = delay.poll(&latest);
                race.finish();
                if !race.was_forced() {
                    break;
                }
                must_have_noticed(rec, &time, &polled, rec.wakes("B") > wakes);
            }
        }
    });
}

/// A delay of an hour that was polled before, perhaps, by another task.
fn polled_before(rec: &Recorder, waker: Option<&'static str>) -> Task<Delay> {
    let mut delay = delay(rec);
    if let Some(name) = waker {
        pending(rec, delay.poll(&rec.waker(name)), STANDS);
    }
    delay
}

/// The rule that a time which comes in the middle of a poll is not missed: the poll is Ready, or its
/// task is woken. The clock may have to ring once more for that: late is not wrong.
fn must_have_noticed(rec: &Recorder, time: &Time, polled: &Poll<()>, woken: bool) {
    if polled.is_ready() || woken {
        return;
    }
    let wakes = rec.wakes("B");
    time.pass(HOUR);
    if rec.wakes("B") == wakes {
        rec.fail(
            "check-then-register",
            "the time came in the middle of the poll with waker B; the poll answered Pending, and nobody \
             woke B",
        );
    }
}

#[test]
fn whoever_is_woken_finds_it_over() {
    grade_race!(DELAY, |rec| {
        let time = Time::stop(rec);
        the_woken_task_polls_at_once(rec, &time, Delay::new(HOUR));
    });
}

#[test]
fn runs_on_the_real_clock() {
    grade!(DELAY, |rec| {
        let _real = clock::replace(Arc::new(RealClock));
        let (start, step) = (clock::now(), Duration::from_millis(3));
        // If a delay wakes nobody, this waits for ever, and the time limit says so.
        block_on(join(Delay::new(step), Delay::until(start + step * 2)));
        if clock::now() < start + step * 2 {
            rec.fail("early-ready", "two delays were over before their time");
        }
        rec.note("both delays are over");
    });
}
