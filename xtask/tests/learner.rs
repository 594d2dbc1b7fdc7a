//! A learner's way through an exercise, in a copy of the course.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use support::{Answer, answer, candidate, root, xtask};

/// A copy of the course that a test may change. All copies share one target folder, as the lock on it
/// has to hold between them too.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for entry in fs::read_dir(root()).expect("the course can be listed") {
            let entry = entry.expect("the course can be listed").path();
            let name = entry.file_name().expect("an entry has a name");
            if name != "target" && name != ".git" {
                copy(&entry, &folder.path().join(name));
            }
        }
        let copy = Copy { folder };
        fs::copy(candidate("skeleton.rs"), copy.file()).expect("the copy can be written");
        copy
    }

    fn file(&self) -> PathBuf {
        self.folder
            .path()
            .join("01-simple-future/exercises/join.rs")
    }

    fn write(&self, candidate_name: &str) {
        fs::copy(candidate(candidate_name), self.file()).expect("the copy can be written");
    }

    fn call(&self, arguments: &[&str]) -> Answer {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
        answer(
            xtask(arguments)
                .current_dir(self.folder.path())
                .env("CARGO_TARGET_DIR", target),
        )
    }

    fn check(&self) -> Answer {
        self.call(&["check-stage", "1", "--exercise", "join"])
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).expect("the copy can be written");
        for entry in fs::read_dir(from).expect("the course can be listed") {
            let entry = entry.expect("the course can be listed").path();
            copy(
                &entry,
                &to.join(entry.file_name().expect("an entry has a name")),
            );
        }
    } else {
        fs::copy(from, to).expect("the course can be copied");
    }
}

#[test]
fn from_the_skeleton_to_a_pass_and_back() {
    let course = Copy::new();
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
        let kept = fs::read(course.folder.path().join(saved)).expect("the version was kept");
        assert_eq!(
            kept,
            fs::read(candidate("right-options.rs")).expect("the candidate")
        );
    }
    assert!(course.check().stdout.contains("not started"));
}

#[test]
fn a_file_that_does_not_compile_shows_its_own_errors() {
    let course = Copy::new();
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
    let course = Copy::new();
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
    let course = Copy::new();
    course.call(&["reset", "join"]);
    let first = course.call(&["hint", "join"]);
    let second = course.call(&["hint", "join"]);
    assert!(first.stdout.contains("hint 1 of"), "{first:?}");
    assert!(second.stdout.contains("hint 2 of"), "{second:?}");
}
