//! The grader of `predict_moves`: what moves and what stays, against what was written down before.

use std::{
    cell::Cell,
    mem,
    pin::Pin,
    task::{Context, Waker},
};

use course::{Exercise, Recorder, grade_race, prediction};
use executor::yield_now;

const PREDICT_MOVES: Exercise = course::exercise!(
    "predict_moves",
    stage = "06-pinning",
    feature = "my-predict-moves"
);

/// Quoted in the exercise.
fn program(rec: &Recorder) {
    let look = Look::new(rec);
    let text = String::from("howdy");
    look.at("in a variable", &text);
    let boxed = Box::new(text);
    look.at("in a box", &boxed);
    let mut boxes = [boxed, Box::new(String::from("hello"))];
    look.at("in an array of boxes", &boxes[0]);
    boxes.swap(0, 1);
    look.at("the boxes are swapped", &boxes[1]);
    let [left, right] = &mut boxes;
    mem::swap(&mut **left, &mut **right);
    look.at("what is in them is swapped", &boxes[0]);
    let pinned = Pin::new(&mut *boxes[0]);
    let taken = mem::take(pinned.get_mut());
    look.at("taken out of a pin", &taken);

    let look = Look::new(rec);
    let mut future = Box::pin(async {
        let text = String::from("howdy");
        look.at("first poll", &text);
        yield_now().await;
        look.at("second poll", &text);
    });
    poll(future.as_mut());
    let mut list = [future];
    poll(list[0].as_mut());
}

/// Notes whether a string, and the letters that belong to it, lie where they have lain at the last look.
struct Look {
    recorder: Recorder,
    last: Cell<Option<(usize, usize)>>,
}

impl Look {
    fn new(recorder: &Recorder) -> Self {
        Look {
            recorder: recorder.clone(),
            last: Cell::new(None),
        }
    }

    fn at(&self, place: &str, text: &String) {
        let now = ((&raw const *text).addr(), text.as_ptr().addr());
        let judge = |moved| if moved { "moved" } else { "stayed" };
        self.recorder.note(match self.last.replace(Some(now)) {
            None => format!("{place}: first look"),
            Some(last) => format!(
                "{place}: the string has {}, its letters have {}",
                judge(last.0 != now.0),
                judge(last.1 != now.1)
            ),
        });
    }
}

fn poll<F: Future>(future: Pin<&mut F>) {
    // Its output is `()`, and whether it is done is not the question here.
    let _ = future.poll(&mut Context::from_waker(Waker::noop()));
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_MOVES, |rec| {
        program(rec);
        prediction::must_match(rec, PREDICT_MOVES);
    });
}
