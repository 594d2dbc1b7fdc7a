//! The grader of `stale_waker`: a delay that moves between tasks wakes the task that polled last.

mod support;

#[cfg_attr(feature = "my-stale-waker", path = "../exercises/stale_waker.rs")]
#[cfg_attr(
    not(feature = "my-stale-waker"),
    path = "../../tests/solutions/02-waker-timer/stale_waker/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod stale_waker;

use std::time::Duration;

use course::{Exercise, Task, grade, grade_race};
use stale_waker::Delay;
use support::{
    Time, pending,
    races::{
        CAME, HOUR, Moment, STANDS, the_time_comes_after_any_look, the_time_comes_in_a_poll,
        the_woken_task_polls_at_once,
    },
    ready,
};

const STALE_WAKER: Exercise = course::exercise!(
    "stale_waker",
    stage = "02-waker-timer",
    feature = "my-stale-waker"
);

#[test]
fn is_ready_when_its_time_has_come_and_not_before() {
    grade!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        let (mut delay, a) = (Task::new(rec, Delay::new(HOUR)), rec.waker("A"));
        pending(rec, delay.poll(&a), STANDS);
        rec.must_be_quiet();
        pending(rec, delay.poll(&a), STANDS);
        rec.must_be_quiet();
        time.must_be_used();
        time.pass(HOUR - Duration::from_nanos(1));
        rec.must_be_quiet();
        pending(rec, delay.poll(&a), "its time has not come");
        time.pass(Duration::from_nanos(1));
        rec.must_wake("A", CAME);
        ready(rec, delay.poll(&a), CAME);
    });
}

#[test]
fn wakes_the_task_that_it_has_moved_to() {
    grade!(STALE_WAKER, lesson, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::new(HOUR));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, delay.poll(&a), STANDS);
        rec.note("the delay moves to task B");
        pending(rec, delay.poll(&b), STANDS);
        rec.must_be_quiet();
        time.pass(HOUR);
        rec.must_wake("B", CAME);
        ready(rec, delay.poll(&b), CAME);
    });
}

#[test]
fn wakes_the_last_of_several_tasks() {
    grade!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::new(HOUR));
        let (a, b, c) = (rec.waker("A"), rec.waker("B"), rec.waker("C"));
        for waker in [&a, &b, &b, &c] {
            pending(rec, delay.poll(waker), STANDS);
            rec.must_be_quiet();
        }
        // One ring when it was made and another at the first poll: nothing needs more than that.
        if time.asked() > 2 {
            let seen = format!("4 polls of one delay asked for {} rings", time.asked());
            rec.advise("wait-per-poll", seen);
        }
        time.pass(HOUR);
        rec.must_wake("C", CAME);
        ready(rec, delay.poll(&c), CAME);
    });
}

#[test]
fn wakes_the_first_task_if_it_comes_back_to_it() {
    grade!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        let mut delay = Task::new(rec, Delay::new(HOUR));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &a] {
            pending(rec, delay.poll(waker), STANDS);
            rec.must_be_quiet();
        }
        time.pass(HOUR);
        rec.must_wake("A", CAME);
        ready(rec, delay.poll(&a), CAME);
    });
}

#[test]
fn a_poll_within_the_wake_finds_it_ready() {
    grade_race!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        the_woken_task_polls_at_once(rec, &time, Delay::new(HOUR));
    });
}

#[test]
fn misses_no_time_that_comes_while_the_waker_is_cloned() {
    grade_race!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        let moment = Moment::WhileTheWakerIsCloned;
        the_time_comes_in_a_poll(rec, &time, moment, &["A"], Delay::new(HOUR));
    });
}

#[test]
fn misses_no_time_that_comes_after_any_look_at_the_clock() {
    grade_race!(STALE_WAKER, |rec| {
        let time = Time::stop(rec);
        the_time_comes_after_any_look(rec, &time, || Delay::new(HOUR));
    });
}
