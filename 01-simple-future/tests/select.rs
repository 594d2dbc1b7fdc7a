//! The grader of `select`: the first of two wins, and the other one comes back as good as before.

mod support;

use course::{Exercise, grade, memory};
use simple_future::{Either, Select};
use support::{
    Child, must_be, must_hear, pending, poll, poll_named, ready,
    rules::{better_without_allocations, must_be_untouched, must_keep},
    scripted,
};

const SELECT: Exercise =
    course::exercise!("select", stage = "01-simple-future", feature = "my-select");

#[test]
fn polls_both_at_the_first_poll() {
    grade!(SELECT, |rec| {
        let left = Child::<u32>::new(rec, "left");
        let right = Child::<u32>::new(rec, "right");
        let mut select = Select::new(scripted(&left), scripted(&right));
        must_be_untouched(rec, &left);
        must_be_untouched(rec, &right);
        pending(
            rec,
            poll(rec, &mut select, &wake!(rec, "A")),
            "neither child is",
        );
        for child in [&left, &right] {
            must_keep(rec, child);
            if child.polls() == 0 {
                rec.fail(
                    "not-concurrent",
                    format!(
                        "`{}` was not polled at the select's first poll",
                        child.name()
                    ),
                );
            }
        }
        rec.must_be_quiet();
    });
}

#[test]
fn does_not_wait_inside_poll() {
    grade!(SELECT, |rec| {
        // Each child counts its polls within one poll of the select, and ends a loop that goes on.
        let left = Child::<u32>::new(rec, "left");
        let right = Child::<u32>::new(rec, "right");
        let mut select = Select::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut select, &wake), "neither child is");
        rec.note("a poll without a reason");
        pending(rec, poll(rec, &mut select, &wake), "neither child is");
        rec.must_be_quiet();
        must_keep(rec, &left);
        must_keep(rec, &right);
    });
}

#[test]
fn ends_when_the_left_one_is_first() {
    grade!(SELECT, |rec| {
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let wake = wake!(rec, "A");
        let (allocations, mut select) = memory::allocations(|| {
            let mut select = Select::new(scripted(&left), scripted(&right));
            pending(rec, poll(rec, &mut select, &wake), "neither child is");
            select
        });
        better_without_allocations(rec, allocations);

        left.finish(1);
        must_hear(rec, &wake, "left");
        let outcome = poll(rec, &mut select, &wake);
        let Either::Left((output, mut loser)) = ready(rec, outcome, "`left` is ready") else {
            rec.fail("wrong-value", "`left` was ready, and the answer is Right");
        };
        must_be(rec, output, 1);

        right.finish("two");
        let outcome = poll_named(rec, "loser", &mut loser, &wake);
        must_be(rec, ready(rec, outcome, "`right` is ready"), "two");
    });
}

#[test]
fn ends_when_the_right_one_is_first() {
    grade!(SELECT, lesson, |rec| {
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let mut select = Select::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut select, &wake), "neither child is");

        right.finish("two");
        must_hear(rec, &wake, "right");
        let outcome = poll(rec, &mut select, &wake);
        let Either::Right((mut loser, output)) = ready(rec, outcome, "`right` is ready") else {
            rec.fail("wrong-value", "`right` was ready, and the answer is Left");
        };
        must_be(rec, output, "two");

        // The loser has lost nothing: it waits, and it wakes whoever polls it now.
        let wake = wake!(rec, "B");
        pending(
            rec,
            poll_named(rec, "loser", &mut loser, &wake),
            "`left` is not",
        );
        left.finish(1);
        must_hear(rec, &wake, "left");
        let outcome = poll_named(rec, "loser", &mut loser, &wake);
        must_be(rec, ready(rec, outcome, "`left` is ready"), 1);
    });
}

#[test]
fn the_left_one_wins_when_both_are_ready() {
    grade!(SELECT, |rec| {
        let left = Child::new(rec, "left").ready(1);
        let right = Child::new(rec, "right").ready("two");
        let mut select = Select::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        let outcome = poll(rec, &mut select, &wake);
        let Either::Left((output, mut loser)) = ready(rec, outcome, "both children are") else {
            rec.fail("wrong-bias", "both were ready, and `right` won");
        };
        must_be(rec, output, 1);
        if right.is_finished() {
            rec.fail(
                "lost-output",
                "`left` won, `right` was polled all the same, and what it gave is gone",
            );
        }
        let outcome = poll_named(rec, "loser", &mut loser, &wake);
        must_be(rec, ready(rec, outcome, "`right` is ready"), "two");
    });
}

#[test]
fn the_left_one_wins_also_at_a_later_poll() {
    grade!(SELECT, |rec| {
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let mut select = Select::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut select, &wake), "neither child is");
        right.finish("two");
        left.finish(1);
        let outcome = poll(rec, &mut select, &wake);
        let Either::Left((output, mut loser)) = ready(rec, outcome, "both children are") else {
            rec.fail("wrong-bias", "both were ready, and `right` won");
        };
        must_be(rec, output, 1);
        if right.is_finished() {
            rec.fail(
                "lost-output",
                "`left` won, `right` was polled all the same, and what it gave is gone",
            );
        }
        let outcome = poll_named(rec, "loser", &mut loser, &wake);
        must_be(rec, ready(rec, outcome, "`right` is ready"), "two");
    });
}

#[test]
fn hands_on_the_latest_wake() {
    grade!(SELECT, |rec| {
        let (left, right) = (
            Child::new(rec, "left"),
            Child::<&'static str>::new(rec, "right"),
        );
        let mut select = Select::new(scripted(&left), scripted(&right));
        let (old, new) = (wake!(rec, "A"), wake!(rec, "B"));
        pending(rec, poll(rec, &mut select, &old), "neither child is");
        pending(rec, poll(rec, &mut select, &new), "neither child is");
        right.finish("two");
        rec.must_wake("B", "`right` can finish");
        left.finish(1);
        rec.must_wake("B", "`left` can finish");
        let outcome = poll(rec, &mut select, &new);
        ready(rec, outcome, "both children are");
    });
}
