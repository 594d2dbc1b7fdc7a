//! The grader of `predict_phases`: poll, wait and wake, against what was written down before.

mod support;

use std::time::Duration;

use course::{Exercise, Recorder, Task, grade_race, prediction};
use support::Time;
use waker_timer::TimerFuture;

const PREDICT_PHASES: Exercise = course::exercise!(
    "predict_phases",
    stage = "02-waker-timer",
    feature = "my-predict-phases"
);

const MINUTE: Duration = Duration::from_secs(60);

/// Quoted in the exercise.
fn program(rec: &Recorder) {
    let time = Time::stop(rec);
    let mut timer = Task::new(rec, TimerFuture::new(3 * MINUTE));
    let (a, b) = (rec.waker("A"), rec.waker("B"));

    time.pass(MINUTE);
    let _ = timer.poll(&a);
    time.pass(MINUTE);
    rec.note("somebody wakes A by mistake");
    a.as_waker().wake_by_ref();
    let _ = timer.poll(&b);
    time.pass(MINUTE);
    let _ = timer.poll(&b);
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_PHASES, |rec| {
        program(rec);
        prediction::must_match(rec, PREDICT_PHASES);
    });
}
