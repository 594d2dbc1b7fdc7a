//! The grader of `join`: both children at once, each polled as long as it is pending and no longer.

mod support;

use course::{Exercise, grade};
use simple_future::Join;
use support::{Child, must_be, must_hear, pending, poll, ready, scripted};

const JOIN: Exercise = course::exercise!("join", stage = "01-simple-future", feature = "my-join");

#[test]
fn polls_both_at_the_first_poll() {
    grade!(JOIN, |rec| {
        let (left, right) = (
            Child::<u32>::new(rec, "left"),
            Child::<u32>::new(rec, "right"),
        );
        let mut join = Join::new(scripted(&left), scripted(&right));
        if left.polls() + right.polls() > 0 {
            rec.fail("eager", "`Join::new` polled a child");
        }
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut join, &wake), "neither child is");
        for (child, name) in [(&left, "left"), (&right, "right")] {
            if child.polls() == 0 {
                rec.fail(
                    "not-concurrent",
                    format!("`{name}` was not polled at the join's first poll"),
                );
            }
        }
        rec.must_be_quiet();
    });
}

#[test]
fn is_ready_when_both_are_with_the_outputs_in_order() {
    grade!(JOIN, |rec| {
        let left = Child::new(rec, "left").ready(1);
        let right = Child::new(rec, "right").ready("two");
        let mut join = Join::new(scripted(&left), scripted(&right));
        let outcome = poll(rec, &mut join, &wake!(rec, "A"));
        must_be(rec, ready(rec, outcome, "both children are"), (1, "two"));
    });
}

#[test]
fn finishes_when_the_right_child_is_first() {
    grade!(JOIN, lesson, |rec| {
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let mut join = Join::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut join, &wake), "neither child is");

        right.finish(2);
        must_hear(rec, &wake, "right");
        pending(rec, poll(rec, &mut join, &wake), "`left` is not");

        left.finish(1);
        must_hear(rec, &wake, "left");
        let outcome = poll(rec, &mut join, &wake);
        must_be(rec, ready(rec, outcome, "both children are"), (1, 2));
    });
}

#[test]
fn finishes_when_the_left_child_is_first() {
    grade!(JOIN, |rec| {
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let mut join = Join::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut join, &wake), "neither child is");

        left.finish(1);
        must_hear(rec, &wake, "left");
        pending(rec, poll(rec, &mut join, &wake), "`right` is not");

        right.finish(2);
        must_hear(rec, &wake, "right");
        let outcome = poll(rec, &mut join, &wake);
        must_be(rec, ready(rec, outcome, "both children are"), (1, 2));
    });
}

#[test]
fn never_polls_a_finished_child_again() {
    grade!(JOIN, |rec| {
        let left = Child::new(rec, "left").ready(1);
        let right = Child::new(rec, "right");
        let mut join = Join::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut join, &wake), "`right` is not");
        rec.note("a poll without a reason");
        pending(rec, poll(rec, &mut join, &wake), "`right` is not");
        right.finish(2);
        let outcome = poll(rec, &mut join, &wake);
        must_be(rec, ready(rec, outcome, "both children are"), (1, 2));
    });
}

#[test]
fn does_not_wait_inside_poll() {
    grade!(JOIN, |rec| {
        // Each child counts its polls within one poll of the join, and ends a loop that goes on.
        let (left, right) = (
            Child::<u32>::new(rec, "left"),
            Child::new(rec, "right").ready(2),
        );
        let mut join = Join::new(scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut join, &wake), "`left` is not");
        pending(rec, poll(rec, &mut join, &wake), "`left` is not");
        rec.must_be_quiet();
    });
}

#[test]
fn does_not_allocate() {
    grade!(JOIN, |rec| {
        let (left, right) = (
            Child::new(rec, "left").ready(1),
            Child::new(rec, "right").ready(2),
        );
        let (one, other) = (scripted(&left), scripted(&right));
        let wake = wake!(rec, "A");
        let (allocations, outcome) = course::memory::allocations(|| {
            let mut join = Join::new(one, other);
            poll(rec, &mut join, &wake)
        });
        if allocations > 0 {
            rec.fail(
                "allocates",
                format!("making the join and polling it once allocated {allocations} times"),
            );
        }
        must_be(rec, ready(rec, outcome, "both children are"), (1, 2));
    });
}
