//! The grader of `fuse`: one output, and then a `Pending` that nobody has to be afraid of.

mod support;

use course::{Exercise, grade, memory};
use simple_future::Fuse;
use support::{
    Child, must_be, must_hear, pending, poll, ready,
    rules::{better_without_allocations, must_be_untouched, must_have_polled, must_keep},
    scripted,
};

const FUSE: Exercise = course::exercise!("fuse", stage = "01-simple-future", feature = "my-fuse");

#[test]
fn does_nothing_before_the_first_poll() {
    grade!(FUSE, |rec| {
        let inner = Child::<u32>::new(rec, "inner");
        let mut fuse = Fuse::new(scripted(&inner));
        must_be_untouched(rec, &inner);
        pending(
            rec,
            poll(rec, &mut fuse, &wake!(rec, "A")),
            "`inner` is not",
        );
        must_have_polled(rec, &inner);
    });
}

#[test]
fn gives_the_output_at_the_poll_in_which_it_comes() {
    grade!(FUSE, |rec| {
        let inner = Child::new(rec, "inner").ready("tea");
        let wake = wake!(rec, "A");
        let (allocations, outcome) = memory::allocations(|| {
            let mut fuse = Fuse::new(scripted(&inner));
            poll(rec, &mut fuse, &wake)
        });
        must_be(rec, ready(rec, outcome, "`inner` is ready"), "tea");
        better_without_allocations(rec, allocations);
    });
}

#[test]
fn keeps_the_inner_future_until_it_is_ready() {
    grade!(FUSE, |rec| {
        let inner = Child::new(rec, "inner");
        let mut fuse = Fuse::new(scripted(&inner));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut fuse, &wake), "`inner` is not");
        must_keep(rec, &inner);
        rec.note("a poll without a reason");
        pending(rec, poll(rec, &mut fuse, &wake), "`inner` is not");
        must_keep(rec, &inner);
        rec.must_be_quiet();

        inner.finish("tea");
        must_hear(rec, &wake, "inner");
        let outcome = poll(rec, &mut fuse, &wake);
        must_be(rec, ready(rec, outcome, "`inner` is ready"), "tea");
    });
}

#[test]
fn is_pending_for_ever_after_ready() {
    grade!(FUSE, lesson, |rec| {
        let inner = Child::new(rec, "inner");
        let mut fuse = Fuse::new(scripted(&inner));
        let (one, other) = (wake!(rec, "A"), wake!(rec, "B"));
        pending(rec, poll(rec, &mut fuse, &one), "`inner` is not");
        inner.finish("tea");
        must_hear(rec, &one, "inner");
        let outcome = poll(rec, &mut fuse, &one);
        must_be(rec, ready(rec, outcome, "`inner` is ready"), "tea");

        // A child that has answered Ready ends the test when it is polled again.
        rec.note("a loop starts again from the top");
        for wake in [&one, &one, &other, &one] {
            pending(
                rec,
                poll(rec, &mut fuse, wake),
                "it has given its output away",
            );
            rec.must_be_quiet();
        }
    });
}

#[test]
fn a_future_that_is_ready_at_once_is_not_touched_again_either() {
    grade!(FUSE, |rec| {
        let inner = Child::new(rec, "inner").ready("tea");
        let mut fuse = Fuse::new(scripted(&inner));
        let wake = wake!(rec, "A");
        let outcome = poll(rec, &mut fuse, &wake);
        must_be(rec, ready(rec, outcome, "`inner` is ready"), "tea");
        pending(
            rec,
            poll(rec, &mut fuse, &wake),
            "it has given its output away",
        );
        rec.must_be_quiet();
    });
}

#[test]
fn hands_on_the_latest_wake() {
    grade!(FUSE, |rec| {
        let inner = Child::new(rec, "inner");
        let mut fuse = Fuse::new(scripted(&inner));
        let (old, new) = (wake!(rec, "A"), wake!(rec, "B"));
        pending(rec, poll(rec, &mut fuse, &old), "`inner` is not");
        pending(rec, poll(rec, &mut fuse, &new), "`inner` is not");
        inner.finish("tea");
        rec.must_wake("B", "`inner` can finish");
        let outcome = poll(rec, &mut fuse, &new);
        must_be(rec, ready(rec, outcome, "`inner` is ready"), "tea");
    });
}
