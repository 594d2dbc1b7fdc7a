//! The facts of a graded stage, as programs read them: `--format json`.

use course::diagnosis::Diagnosis;
use serde::{Deserialize, Serialize};

use crate::exercise::Kind;

/// What became of a test, an exercise or a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// Right.
    Pass,
    /// Wrong, and the diagnosis says how.
    Fail,
    /// It did not end.
    Hang,
    /// The process died, or went over a limit.
    Crash,
    /// The compiler rejects it.
    DoesNotCompile,
    /// The file is still the skeleton.
    NotStarted,
    /// The process ended before the test did, or the test was not run.
    NoResult,
}

impl Verdict {
    /// The verdict's name in the document, in expectations and on the screen.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Hang => "hang",
            Verdict::Crash => "crash",
            Verdict::DoesNotCompile => "does-not-compile",
            Verdict::NotStarted => "not-started",
            Verdict::NoResult => "no-result",
        }
    }
}

/// The one document of a call.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    /// The version of this shape.
    pub(crate) schema: u32,
    /// The compiler's version line.
    pub(crate) rustc: &'a str,
    /// The stage that was graded: its number, or `"all"`.
    pub(crate) stage: Asked,
    /// Whether all that was asked for passes.
    pub(crate) passed: bool,
    /// In the order of the chapters.
    pub(crate) exercises: Vec<&'a ExerciseReport>,
    /// `None` where the stack did not run.
    pub(crate) stack: Option<&'a StackReport>,
}

/// Which stage a call asks for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Asked {
    /// One stage.
    One(u8),
    /// Every stage: always the word `all`.
    All(&'static str),
}

/// One exercise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ExerciseReport {
    /// Its name.
    pub(crate) name: String,
    /// What a learner does in it.
    pub(crate) kind: Kind,
    /// The file that was graded.
    pub(crate) file: String,
    /// The first verdict that is no pass, in the order of the tests.
    pub(crate) verdict: Verdict,
    /// The compiler's words where it does not compile; what happened where it hung, crashed or
    /// had no result.
    pub(crate) message: Option<String>,
    /// From basic to subtle.
    pub(crate) tests: Vec<TestReport>,
    /// What is wrong, by the first test that failed.
    pub(crate) diagnosis: Option<Diagnosis>,
    /// What is right and could be better.
    pub(crate) advice: Vec<Diagnosis>,
}

/// One test.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TestReport {
    /// Its name.
    pub(crate) name: String,
    /// What became of it.
    pub(crate) verdict: Verdict,
    /// How long it ran, in milliseconds.
    pub(crate) millis: u64,
    /// What it printed, where it did not pass.
    pub(crate) output: Option<String>,
}

/// The learner's solved files, run together.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StackReport {
    /// The first verdict that is no pass.
    pub(crate) verdict: Verdict,
    /// The exercises whose files took part.
    pub(crate) exercises: Vec<String>,
    /// The exercise whose file the stack fails with, and passes without.
    pub(crate) culprit: Option<String>,
    /// What happened, where it does not pass.
    pub(crate) message: Option<String>,
    /// The stack's tests.
    pub(crate) tests: Vec<TestReport>,
    /// What is wrong.
    pub(crate) diagnosis: Option<Diagnosis>,
}
