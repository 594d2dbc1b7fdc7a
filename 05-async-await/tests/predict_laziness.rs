//! The grader of `predict_laziness`: what is said and when, against what was written down before.

use std::{
    pin::pin,
    task::{Context, Waker},
};

use async_await::join;
use course::{Exercise, Recorder, grade_race, prediction};
use executor::{block_on, yield_now};

const PREDICT_LAZINESS: Exercise = course::exercise!(
    "predict_laziness",
    stage = "05-async-await",
    feature = "my-predict-laziness"
);

/// Quoted in the exercise, with the two functions below.
fn program(rec: &Recorder) {
    let song = sing(rec);
    let steps = dance(rec);
    rec.note("both are called");
    block_on(async {
        rec.note("one after the other");
        steps.await;
        song.await;
    });

    let both = join(sing(rec), dance(rec));
    rec.note("both are joined");
    block_on(both);

    drop(sing(rec));
    rec.note("another song is gone");
    poll_once(sing(rec));
    rec.note("one more song is gone");
    let encore = async {
        rec.note("encore");
        let steps = dance(rec);
        sing(rec).await;
        rec.note("curtain");
        drop(steps);
    };
    block_on(encore);
}

async fn sing(rec: &Recorder) {
    rec.note("la");
    yield_now().await;
    rec.note("la la");
}

fn dance(rec: &Recorder) -> impl Future<Output = ()> {
    rec.note("shoes on");
    async {
        rec.note("left");
        yield_now().await;
        rec.note("right");
    }
}

/// Polls once, and drops what is not ready then.
fn poll_once(future: impl Future<Output = ()>) {
    let _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_LAZINESS, |rec| {
        program(rec);
        prediction::must_match(rec, PREDICT_LAZINESS);
    });
}
