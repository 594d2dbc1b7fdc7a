//! Calls the built command and takes its answer apart.

// Each test program includes this file, and none uses all of it.
#![allow(dead_code)]

pub(crate) mod copy;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The root of the course.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the workspace")
        .into()
}

/// A call of the command in the course's own folder.
pub(crate) fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .env_remove("NO_COLOR");
    command
}

/// What a call answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The exit status; `None` where a signal ended it.
    pub(crate) status: Option<i32>,
    /// What programs and people read.
    pub(crate) stdout: String,
    /// Progress and errors.
    pub(crate) stderr: String,
}

impl Answer {
    /// The one JSON document on standard output.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON document: {error}\n{self:?}"))
    }

    /// The only exercise in the document.
    pub(crate) fn exercise(&self) -> Value {
        self.document()["exercises"][0].clone()
    }
}

/// Runs a call to its end.
pub(crate) fn answer(command: &mut Command) -> Answer {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the command can be started");
    Answer {
        status: status.code(),
        stdout: String::from_utf8(stdout).expect("the command prints UTF-8"),
        stderr: String::from_utf8(stderr).expect("the command prints UTF-8"),
    }
}

/// The call that grades a file as if it were the learner's `join`.
pub(crate) fn grade(file: &Path) -> Command {
    let mut command = xtask(&["check-stage", "1", "--exercise", "join", "--format", "json"]);
    command.arg("--with").arg(file);
    command
}

/// A file of `tests/hostile`.
pub(crate) fn hostile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hostile")
        .join(name)
}

/// A candidate of the exercise `join`.
pub(crate) fn candidate(name: &str) -> PathBuf {
    root()
        .join("tests/solutions/01-simple-future/join")
        .join(name)
}
