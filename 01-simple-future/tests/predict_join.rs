//! The grader of `predict_join`: what two joined reads do, against what was written down before.

mod support;

use course::{Child, Exercise, Recorder, grade_race, prediction};
use simple_future::Join;
use support::{poll, scripted};

const PREDICT_JOIN: Exercise = course::exercise!(
    "predict_join",
    stage = "01-simple-future",
    feature = "my-predict-join"
);

/// Quoted in the exercise.
fn program(rec: &Recorder) {
    let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
    let mut join = Join::new(scripted(&left), scripted(&right));
    let (a, b) = (wake!(rec, "A"), wake!(rec, "B"));

    poll(rec, &mut join, &a);
    right.finish("world");
    poll(rec, &mut join, &a);
    rec.note("somebody calls A by mistake");
    (a.function)();
    poll(rec, &mut join, &b);
    left.finish("hello");
    poll(rec, &mut join, &b);
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_JOIN, |rec| {
        program(rec);
        prediction::must_match(rec, PREDICT_JOIN);
    });
}
