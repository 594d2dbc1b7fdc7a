//! The grader of `and_then`: the second future only after the first, and no gap between the two.

mod support;

use std::{cell::Cell, fmt::Debug};

use course::{Exercise, Recorder, grade, memory};
use simple_future::{AndThen, SimpleFuture};
use support::{
    Child, Wake, must_be, must_hear, pending, poll, ready,
    rules::{must_be_untouched, must_have_polled, must_keep, turn},
    scripted,
};

const AND_THEN: Exercise = course::exercise!(
    "and_then",
    stage = "01-simple-future",
    feature = "my-and-then"
);

/// A turn after which the chain waits for the second future, having polled it. The poll in which the
/// first one is ready must not be the end of it.
fn waits_for_second<F>(rec: &Recorder, chain: &mut F, wake: &Wake, second: &Child<u32>)
where
    F: SimpleFuture,
    F::Output: Debug,
{
    pending(rec, turn(rec, chain, wake), "`second` is not");
    must_have_polled(rec, second);
    must_keep(rec, second);
}

#[test]
fn does_nothing_before_the_first_poll() {
    grade!(AND_THEN, |rec| {
        let (first, second) = (
            Child::<u32>::new(rec, "first"),
            Child::<u32>::new(rec, "second"),
        );
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        must_be_untouched(rec, &first);
        pending(
            rec,
            turn(rec, &mut chain, &wake!(rec, "A")),
            "`first` is not",
        );
        must_have_polled(rec, &first);
    });
}

#[test]
fn gives_the_output_of_the_second() {
    grade!(AND_THEN, |rec| {
        let first = Child::new(rec, "first").ready(20);
        let second = Child::new(rec, "second").ready("breakfast");
        let eggs = Cell::new(0);
        let mut chain = AndThen::new(scripted(&first), |output| {
            eggs.set(output);
            scripted(&second)
        });
        let outcome = turn(rec, &mut chain, &wake!(rec, "A"));
        must_have_polled(rec, &second);
        must_be(rec, ready(rec, outcome, "both children are"), "breakfast");
        must_be(rec, eggs.get(), 20);
    });
}

#[test]
fn goes_on_to_the_second_without_a_gap() {
    grade!(AND_THEN, |rec| {
        let first = Child::new(rec, "first").ready(1);
        let second = Child::new(rec, "second");
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let wake = wake!(rec, "A");
        waits_for_second(rec, &mut chain, &wake, &second);

        second.finish(2);
        must_hear(rec, &wake, "second");
        let outcome = turn(rec, &mut chain, &wake);
        must_be(rec, ready(rec, outcome, "`second` is ready"), 2);
    });
}

#[test]
fn keeps_the_first_until_it_is_ready() {
    grade!(AND_THEN, |rec| {
        let first = Child::new(rec, "first");
        let second = Child::new(rec, "second").ready(2);
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let wake = wake!(rec, "A");
        pending(rec, turn(rec, &mut chain, &wake), "`first` is not");
        must_keep(rec, &first);
        rec.note("a poll without a reason");
        pending(rec, turn(rec, &mut chain, &wake), "`first` is not");
        must_keep(rec, &first);

        first.finish(1);
        must_hear(rec, &wake, "first");
        let outcome = turn(rec, &mut chain, &wake);
        must_have_polled(rec, &second);
        must_be(rec, ready(rec, outcome, "both children are"), 2);
    });
}

#[test]
fn never_polls_the_first_again() {
    grade!(AND_THEN, |rec| {
        let first = Child::new(rec, "first").ready(1);
        let second = Child::new(rec, "second");
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let wake = wake!(rec, "A");
        waits_for_second(rec, &mut chain, &wake, &second);
        rec.note("a poll without a reason");
        waits_for_second(rec, &mut chain, &wake, &second);
        second.finish(2);
        let outcome = turn(rec, &mut chain, &wake);
        must_be(rec, ready(rec, outcome, "`second` is ready"), 2);
    });
}

#[test]
fn does_not_wait_inside_poll() {
    grade!(AND_THEN, |rec| {
        // Each child counts its polls within one poll of the chain, and ends a loop that goes on.
        let (first, second) = (Child::new(rec, "first"), Child::<u32>::new(rec, "second"));
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let wake = wake!(rec, "A");
        pending(rec, poll(rec, &mut chain, &wake), "`first` is not");
        rec.must_be_quiet();
        first.finish(1);
        waits_for_second(rec, &mut chain, &wake, &second);
        rec.note("a poll without a reason");
        pending(rec, poll(rec, &mut chain, &wake), "`second` is not");
        rec.must_be_quiet();
    });
}

#[test]
fn hands_on_the_latest_wake() {
    grade!(AND_THEN, |rec| {
        let (first, second) = (Child::new(rec, "first"), Child::new(rec, "second"));
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let (old, new) = (wake!(rec, "A"), wake!(rec, "B"));
        pending(rec, turn(rec, &mut chain, &old), "`first` is not");
        pending(rec, turn(rec, &mut chain, &new), "`first` is not");
        first.finish(1);
        rec.must_wake("B", "`first` can finish");

        let newest = wake!(rec, "C");
        waits_for_second(rec, &mut chain, &new, &second);
        waits_for_second(rec, &mut chain, &newest, &second);
        second.finish(2);
        rec.must_wake("C", "`second` can finish");
        let outcome = turn(rec, &mut chain, &newest);
        must_be(rec, ready(rec, outcome, "`second` is ready"), 2);
    });
}

#[test]
fn runs_one_after_the_other() {
    grade!(AND_THEN, lesson, |rec| {
        let (first, second) = (Child::new(rec, "first"), Child::new(rec, "second"));
        let mut chain = AndThen::new(scripted(&first), |_| scripted(&second));
        let wake = wake!(rec, "A");
        pending(rec, turn(rec, &mut chain, &wake), "`first` is not");

        first.finish(1);
        must_hear(rec, &wake, "first");
        waits_for_second(rec, &mut chain, &wake, &second);

        second.finish(2);
        must_hear(rec, &wake, "second");
        let outcome = turn(rec, &mut chain, &wake);
        must_be(rec, ready(rec, outcome, "`second` is ready"), 2);
    });
}

#[test]
fn does_not_allocate() {
    grade!(AND_THEN, |rec| {
        let first = Child::new(rec, "first").ready(1);
        let second = Child::new(rec, "second").ready(2);
        let (one, other) = (scripted(&first), scripted(&second));
        let wake = wake!(rec, "A");
        let (allocations, outcome) = memory::allocations(|| {
            let mut chain = AndThen::new(one, |_| other);
            turn(rec, &mut chain, &wake)
        });
        if allocations > 0 {
            rec.fail(
                "allocates",
                format!("making the chain and running it to its end allocated {allocations} times"),
            );
        }
        must_be(rec, ready(rec, outcome, "both children are"), 2);
    });
}
