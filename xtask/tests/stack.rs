//! The learner's solved files run together, and the file at fault is named.

mod support;

use std::fs;

use support::{candidate, copy::Copy, root};

/// A stack of one test, that polls a `Join` of futures which no grader has.
const PROGRAM: &str = r#"
use simple_future::{Join, Poll, SimpleFuture};

const STACK: course::Exercise =
    course::exercise!("stack", stage = "01-simple-future", feature = "my-join");

struct FromTheStack(u8);

impl SimpleFuture for FromTheStack {
    type Output = u8;

    fn poll(&mut self, _wake: fn()) -> Poll<u8> {
        Poll::Ready(self.0)
    }
}

#[test]
fn joins() {
    course::grade_race!(STACK, |_| {
        let outcome = Join::new(FromTheStack(1), FromTheStack(2)).poll(|| {});
        assert!(matches!(outcome, Poll::Ready((1, 2))));
    });
}
"#;

/// A copy whose stage 1 has that stack, with the course's own `fuse` as a solved file beside `join`.
fn course() -> Copy {
    let course = Copy::new("stack");
    let stage = course.folder.join("01-simple-future");
    fs::write(stage.join("tests/stack.rs"), PROGRAM).expect("the copy can be written");
    let manifest = fs::read_to_string(stage.join("Cargo.toml")).expect("the stage has a manifest");
    let mut manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let course_of = manifest["package"]["metadata"]["course"].as_table_mut();
    let tests = toml::Value::Array(vec!["joins".into()]);
    course_of
        .expect("the stage is written")
        .insert("stack".into(), tests);
    fs::write(stage.join("Cargo.toml"), manifest.to_string()).expect("the copy can be written");
    fs::copy(
        root().join("01-simple-future/src/fuse.rs"),
        stage.join("exercises/fuse.rs"),
    )
    .expect("the copy can be written");
    course
}

fn stack(course: &Copy, stage: &str) -> serde_json::Value {
    course
        .call(&["check-stage", stage, "--format", "json"])
        .document()["stack"]
        .clone()
}

#[test]
fn files_that_pass_alone_run_together() {
    let course = course();
    course.write("right-options.rs");
    let stack = stack(&course, "1");
    assert_eq!(stack["verdict"], "pass", "{stack}");
    assert_eq!(stack["exercises"], serde_json::json!(["join", "fuse"]));
    assert_eq!(stack["tests"][0]["name"], "joins");
}

#[test]
fn the_file_that_the_stack_fails_with_is_named() {
    let course = course();
    let right = fs::read_to_string(candidate("right-options.rs")).expect("the candidate");
    let begin = right
        .find("Poll<Self::Output> {")
        .expect("the candidate has a poll");
    let (before, after) = right.split_at(begin + "Poll<Self::Output> {".len());
    let trap = "if std::any::type_name::<A>().contains(\"FromTheStack\") { panic!(\"trap\") }";
    fs::write(course.file(), format!("{before}\n{trap}\n{after}"))
        .expect("the copy can be written");
    let stack = stack(&course, "1");
    assert_eq!(stack["verdict"], "fail", "{stack}");
    assert_eq!(stack["culprit"], "join", "{stack}");
    assert_eq!(stack["diagnosis"]["code"], "panicked", "{stack}");
}

#[test]
fn a_stage_that_is_not_begun_has_no_stack() {
    let course = course();
    assert!(stack(&course, "2").is_null());
}

#[test]
fn without_a_solved_file_there_is_no_stack() {
    let course = course();
    let skeleton = root().join("tests/solutions/01-simple-future/fuse/skeleton.rs");
    let own = course.folder.join("01-simple-future/exercises/fuse.rs");
    fs::copy(skeleton, own).expect("the copy can be written");
    assert!(stack(&course, "1").is_null());
}
