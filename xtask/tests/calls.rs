//! The contract of the command line: statuses, one clear line where the call is wrong, one document
//! for programs.

mod support;

use std::{
    io::Read as _,
    process::{Command, Stdio},
};

use support::{Answer, answer, root, xtask};

/// A call that is at fault: status 2, one line on standard error, nothing else, no backtrace.
fn refused(command: &mut Command) -> String {
    let answer = answer(command.env("RUST_BACKTRACE", "1"));
    assert_eq!(answer.status, Some(2), "{answer:?}");
    assert_eq!(answer.stdout, "", "{answer:?}");
    assert_eq!(answer.stderr.lines().count(), 1, "{answer:?}");
    answer.stderr
}

#[test]
fn a_stage_that_does_not_exist_is_refused() {
    assert!(refused(&mut xtask(&["check-stage", "9"])).contains("no stage `9`"));
    assert!(refused(&mut xtask(&["check-stage", "x"])).contains("no stage `x`"));
    assert!(refused(&mut xtask(&["check-stage"])).contains("<N>"));
}

#[test]
fn the_nearest_name_is_suggested() {
    let line = refused(&mut xtask(&["check-stage", "1", "--exercise", "jion"]));
    assert!(line.contains("did you mean `join`?"), "{line}");
    let line = refused(&mut xtask(&["hint", "something-else-entirely"]));
    assert!(line.contains("cargo xtask list"), "{line}");
}

#[test]
fn an_exercise_of_another_stage_is_refused_with_the_right_call() {
    let line = refused(&mut xtask(&["check-stage", "2", "--exercise", "join"]));
    assert!(
        line.contains("cargo xtask check-stage 1 --exercise join"),
        "{line}"
    );
}

#[test]
fn an_unknown_command_is_refused() {
    assert!(refused(&mut xtask(&["frobnicate"])).contains("--help"));
}

#[test]
fn outside_the_course_the_command_says_so() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let line = refused(xtask(&["list"]).current_dir(outside.path()));
    assert!(line.contains("not inside the course"), "{line}");
}

#[test]
fn without_cargo_the_command_names_the_mend() {
    let line = refused(xtask(&["list"]).env_remove("CARGO").env("PATH", "/nowhere"));
    assert!(line.contains("cargo was not found"), "{line}");
}

#[test]
fn a_target_folder_that_cannot_be_written_is_named() {
    // A file is where the folder should be: no user, not even root, can write below it.
    let file = root().join("Cargo.toml");
    let line = refused(xtask(&["list"]).env("CARGO_TARGET_DIR", file));
    assert!(line.contains("CARGO_TARGET_DIR"), "{line}");
}

#[test]
fn a_limit_that_is_no_number_is_refused() {
    let line = refused(xtask(&["list"]).env("COURSE_TIME_LIMIT", "soon"));
    assert!(line.contains("COURSE_TIME_LIMIT=soon"), "{line}");
}

#[test]
fn a_file_that_does_not_exist_is_refused() {
    let call = [
        "check-stage",
        "1",
        "--exercise",
        "join",
        "--with",
        "no/such/file.rs",
    ];
    assert!(refused(&mut xtask(&call)).contains("no/such/file.rs"));
}

#[test]
fn the_command_works_from_any_folder_of_the_course() {
    let answer = answer(xtask(&["list"]).current_dir(root().join("tests/src")));
    assert_eq!(answer.status, Some(0), "{answer:?}");
    assert!(answer.stdout.contains("join"));
}

#[test]
fn help_is_no_error() {
    let answer = answer(&mut xtask(&["--help"]));
    assert_eq!(answer.status, Some(0));
    assert!(answer.stdout.contains("check-stage"));
}

fn reference(arguments: &[&str]) -> Answer {
    let mut call = vec!["check-stage", "1", "--exercise", "join", "--reference"];
    call.extend(arguments);
    answer(&mut xtask(&call))
}

#[test]
fn the_document_has_the_shape_that_programs_rely_on() {
    let answer = reference(&["--format", "json"]);
    assert_eq!(answer.status, Some(0), "{answer:?}");
    let document = answer.document();
    assert_eq!(document["schema"], 1);
    assert!(
        document["rustc"]
            .as_str()
            .is_some_and(|version| version.starts_with("rustc "))
    );
    assert_eq!(document["stage"], 1);
    assert_eq!(document["passed"], true);
    assert!(document["stack"].is_null());
    let exercise = &document["exercises"][0];
    assert_eq!(exercise["name"], "join");
    assert_eq!(exercise["kind"], "build");
    assert_eq!(exercise["file"], "01-simple-future/src/join.rs");
    assert_eq!(exercise["verdict"], "pass");
    for key in ["message", "diagnosis"] {
        assert!(
            exercise.get(key).is_some_and(|value| value.is_null()),
            "{key}"
        );
    }
    assert!(
        exercise["advice"]
            .as_array()
            .is_some_and(|advice| advice.is_empty())
    );
    let test = &exercise["tests"][0];
    assert_eq!(test["verdict"], "pass");
    assert!(test["millis"].is_u64() && test["output"].is_null() && test["name"].is_string());
}

#[test]
fn no_colour_goes_where_no_terminal_is() {
    let answer = reference(&[]);
    assert!(
        !answer.stdout.contains('\x1b') && !answer.stderr.contains('\x1b'),
        "{answer:?}"
    );
}

#[test]
fn names_may_be_written_with_dashes_and_in_capitals() {
    let answer = answer(&mut xtask(&[
        "trace",
        "Join",
        "--reference",
        "--test",
        "does-not-allocate",
    ]));
    assert_eq!(answer.status, Some(0), "{answer:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = xtask(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    drop(child.stdout.take());
    let mut words = String::new();
    let mut stderr = child.stderr.take().expect("it was asked for");
    stderr
        .read_to_string(&mut words)
        .expect("the command prints UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{words}");
}
