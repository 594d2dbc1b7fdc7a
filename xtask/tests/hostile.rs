//! Files that no learner means to write, and some do: each gets a verdict that says what happened, and
//! nothing of it outlives the call.

mod support;

#[cfg(unix)]
use std::process::Stdio;
use std::{fs, path::Path, process::Command, thread};

use serde_json::Value;
use support::{answer, candidate, grade, hostile, root};

fn graded(name: &str) -> Value {
    refuse(&mut grade(&hostile(name)))
}

/// Grades a file that does not end. The time limit gives the verdict, so it is how long the test takes.
fn graded_for_a_second(name: &str) -> Value {
    refuse(grade(&hostile(name)).env("COURSE_TIME_LIMIT", "1"))
}

fn refuse(call: &mut Command) -> Value {
    let answer = answer(call);
    assert_eq!(answer.status, Some(1), "{answer:?}");
    answer.exercise()
}

fn message(exercise: &Value) -> &str {
    exercise["message"].as_str().unwrap_or_default()
}

#[test]
fn a_loop_is_a_hang_and_the_other_tests_are_left_out() {
    let exercise = graded_for_a_second("spins.rs");
    assert_eq!(exercise["verdict"], "hang");
    let seen = exercise["diagnosis"]["seen"].as_str().unwrap_or_default();
    assert!(
        seen.contains("within 1 s; it is still inside poll(A)"),
        "{exercise}"
    );
    let tests = exercise["tests"].as_array().expect("a list of tests");
    assert_eq!(tests[0]["verdict"], "hang");
    assert_eq!(tests[tests.len() - 1]["verdict"], "no-result");
}

#[test]
fn a_deadlock_is_a_hang() {
    assert_eq!(graded_for_a_second("deadlocks.rs")["verdict"], "hang");
}

#[test]
fn ending_the_process_is_no_pass() {
    for name in ["exits.rs", "claims_to_pass.rs"] {
        let exercise = graded(name);
        assert_eq!(exercise["verdict"], "no-result", "{name}: {exercise}");
        assert!(
            message(&exercise).contains("something called exit"),
            "{exercise}"
        );
    }
}

#[test]
fn an_abort_is_a_crash() {
    let exercise = graded("aborts.rs");
    assert_eq!(exercise["verdict"], "crash");
    #[cfg(unix)]
    assert!(message(&exercise).contains("SIGABRT"), "{exercise}");
}

#[test]
fn a_stack_overflow_is_named() {
    let exercise = graded("overflows.rs");
    assert_eq!(exercise["verdict"], "crash");
    assert!(
        message(&exercise).contains("stack overflowed"),
        "{exercise}"
    );
}

#[test]
fn limits_are_named() {
    for (name, what) in [
        ("allocates.rs", "of memory"),
        ("prints.rs", "printed more than"),
        ("starts_threads.rs", "threads"),
    ] {
        let exercise = graded(name);
        assert_eq!(exercise["verdict"], "crash", "{name}: {exercise}");
        assert!(message(&exercise).contains(what), "{name}: {exercise}");
    }
}

#[test]
fn a_reported_mistake_stands_even_if_its_panic_was_swallowed() {
    let exercise = graded("swallows.rs");
    assert_eq!(exercise["verdict"], "fail", "{exercise}");
    assert!(exercise["diagnosis"]["code"].is_string(), "{exercise}");
}

#[cfg(unix)]
#[test]
fn processes_that_a_test_has_started_are_killed() {
    let exercise = graded("leaves_a_process.rs");
    let seen = exercise["diagnosis"]["seen"].as_str().unwrap_or_default();
    let (_, rest) = seen
        .split_once("process ")
        .unwrap_or_else(|| panic!("{exercise}"));
    let id = rest.split(' ').next().expect("a split has a first part");
    let alive = Command::new("kill")
        .args(["-0", id])
        .stderr(Stdio::null())
        .status();
    assert!(!alive.expect("there is a program called kill").success() || is_zombie(id));
}

/// Killed, and not yet collected by the process that inherited it.
#[cfg(unix)]
fn is_zombie(id: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", id]).output();
    state.is_ok_and(|state| state.stdout.first().is_none_or(|letter| *letter == b'Z'))
}

#[test]
fn an_empty_file_is_told_what_the_course_uses_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exercise = graded_copy(folder.path(), b"");
    assert_eq!(exercise["verdict"], "does-not-compile");
    assert!(
        message(&exercise).contains("pub fn new(left: A, right: B) -> Self"),
        "{exercise}"
    );
}

#[test]
fn a_file_that_is_no_text_is_told_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exercise = graded_copy(folder.path(), b"pub struct Join; // \xff\xfe\n");
    assert_eq!(exercise["verdict"], "does-not-compile");
    assert!(message(&exercise).contains("UTF-8"), "{exercise}");
}

#[test]
fn line_endings_do_not_matter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let with_returns = |path: &Path| {
        let text = fs::read_to_string(path).expect("the course has this file");
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    };
    let right = with_returns(&root().join("01-simple-future/src/join.rs"));
    assert_eq!(
        graded_copy(folder.path(), right.as_bytes())["verdict"],
        "pass"
    );
    let skeleton = with_returns(&candidate("skeleton.rs"));
    assert_eq!(
        graded_copy(folder.path(), skeleton.as_bytes())["verdict"],
        "not-started"
    );
}

fn graded_copy(folder: &Path, content: &[u8]) -> Value {
    let file = folder.join("join.rs");
    fs::write(&file, content).expect("a temporary folder can be written");
    answer(&mut grade(&file)).exercise()
}

#[test]
fn calls_at_the_same_time_do_not_mix_up_their_files() {
    let right = || answer(&mut grade(&candidate("right-options.rs"))).exercise();
    let wrong = || answer(&mut grade(&candidate("wrong-short-circuit.rs"))).exercise();
    for _ in 0..3 {
        let (right, wrong) = thread::scope(|scope| {
            let (right, wrong) = (scope.spawn(right), scope.spawn(wrong));
            (
                right.join().expect("no panic"),
                wrong.join().expect("no panic"),
            )
        });
        assert_eq!(right["verdict"], "pass", "{right}");
        assert_eq!(wrong["verdict"], "fail", "{wrong}");
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_the_test_too() {
    use std::io::{BufRead as _, BufReader};
    let mut call = grade(&hostile("spins.rs"));
    call.env("COURSE_TIME_LIMIT", "600")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = call.spawn().expect("the command can be started");
    let stderr = child.stderr.take().expect("it was asked for");
    // Interrupted once the endless test is about to run or runs.
    let running = BufReader::new(stderr)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.starts_with("running"));
    assert!(running, "the command says what it does");
    let id = child.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &id]).status();
    assert!(kill.expect("there is a program called kill").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
