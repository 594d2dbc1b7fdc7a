//! A learner's way through an exercise, in a copy of the course.

mod support;

use std::fs;

use support::{candidate, copy::Copy};

#[test]
fn from_the_skeleton_to_a_pass_and_back() {
    let course = Copy::new("learner");
    let untouched = course.check();
    assert_eq!(untouched.status, Some(1), "{untouched:?}");
    assert!(untouched.stdout.contains("not started"), "{untouched:?}");

    course.write("wrong-short-circuit.rs");
    let wrong = course.check();
    assert_eq!(wrong.status, Some(1), "{wrong:?}");
    for part in [
        "not-concurrent",
        "Why it matters",
        "Read",
        "cargo xtask hint join",
    ] {
        assert!(
            wrong.stdout.contains(part),
            "{part} is missing in {}",
            wrong.stdout
        );
    }

    course.write("right-options.rs");
    let right = course.check();
    assert_eq!(right.status, Some(0), "{right:?}");
    assert!(right.stderr.contains("building"), "{right:?}");
    let known = course.check();
    assert_eq!(known.status, Some(0), "{known:?}");
    assert!(
        !known.stderr.contains("building"),
        "a pass is known the second time: {known:?}"
    );

    for number in 1..=2 {
        course.write("right-options.rs");
        let reset = course.call(&["reset", "join"]);
        let saved = format!("01-simple-future/exercises/saved/join-{number}.rs");
        assert!(reset.stdout.contains(&saved), "{reset:?}");
        let kept = fs::read(course.folder.join(saved)).expect("the version was kept");
        assert_eq!(
            kept,
            fs::read(candidate("right-options.rs")).expect("the candidate")
        );
    }
    assert!(course.check().stdout.contains("not started"));
}

#[test]
fn a_file_that_does_not_compile_shows_its_own_errors() {
    let course = Copy::new("learner");
    let skeleton = fs::read_to_string(candidate("skeleton.rs")).expect("the skeleton");
    fs::write(
        course.file(),
        skeleton + "\nfn broken() -> u8 { \"text\" }\n",
    )
    .expect("the copy can be written");
    let answer = course.check();
    assert_eq!(answer.status, Some(1), "{answer:?}");
    assert!(
        answer
            .stdout
            .contains("01-simple-future/exercises/join.rs:"),
        "{answer:?}"
    );
    assert!(answer.stdout.contains("mismatched types"), "{answer:?}");
    assert!(!answer.stdout.contains("src/../"), "{answer:?}");
}

#[test]
fn a_missing_file_can_be_restored() {
    let course = Copy::new("learner");
    fs::remove_file(course.file()).expect("the copy can be written");
    let answer = course.check();
    assert_eq!(answer.status, Some(1), "{answer:?}");
    assert!(
        answer.stdout.contains("cargo xtask reset join"),
        "{answer:?}"
    );
    assert_eq!(course.call(&["reset", "join"]).status, Some(0));
    assert!(course.check().stdout.contains("not started"));
}

#[test]
fn hints_come_one_after_the_other() {
    let course = Copy::new("learner");
    course.call(&["reset", "join"]);
    let first = course.call(&["hint", "join"]);
    let second = course.call(&["hint", "join"]);
    assert!(first.stdout.contains("hint 1 of"), "{first:?}");
    assert!(second.stdout.contains("hint 2 of"), "{second:?}");
}

#[test]
fn an_older_version_that_is_moved_back_is_graded_as_it_is() {
    let course = Copy::new("learner");
    course.write("right-options.rs");
    let kept = course.folder.join("kept.rs");
    fs::rename(course.file(), &kept).expect("the copy can be written");
    course.write("wrong-short-circuit.rs");
    assert_eq!(course.check().status, Some(1));
    fs::rename(&kept, course.file()).expect("the copy can be written");
    let answer = course.check();
    assert_eq!(answer.status, Some(0), "{answer:?}");
}

#[test]
fn what_is_to_be_mended_shows_what_is_wrong_with_it_untouched() {
    let course = Copy::new("learner");
    let answer = course.call(&["check-stage", "1", "--exercise", "impatient_read"]);
    assert_eq!(answer.status, Some(1), "{answer:?}");
    for part in [
        "not started",
        "Why it matters",
        "cargo xtask trace impatient_read",
    ] {
        assert!(
            answer.stdout.contains(part),
            "{part} is missing in {answer:?}"
        );
    }
    let trace = course.call(&["trace", "impatient_read"]);
    assert_eq!(trace.status, Some(0), "{trace:?}");
}
