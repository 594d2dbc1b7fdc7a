//! One exercise, and one graded test of it.

use crate::{journal, memory, recorder::Recorder, report::Line, snapshot};

/// What a grader knows about its exercise. Made with [`exercise!`](crate::exercise).
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
    /// The name that learners use, with underscores.
    pub name: &'static str,
    /// The package folder that the grader was built from.
    pub folder: &'static str,
    /// The stage's own folder name, which also names its chapter.
    pub stage: &'static str,
    /// Whether the learner's file is built in, instead of the reference.
    pub learners: bool,
}

/// Names the exercise that a grader grades.
///
/// ```
/// const JOIN: course::Exercise =
///     course::exercise!("join", stage = "01-simple-future", feature = "my-join");
/// assert_eq!(JOIN.name, "join");
/// ```
#[macro_export]
macro_rules! exercise {
    ($name:literal, stage = $stage:literal, feature = $feature:literal) => {
        $crate::Exercise {
            name: $name,
            folder: env!("CARGO_MANIFEST_DIR"),
            stage: $stage,
            learners: cfg!(feature = $feature),
        }
    };
}

/// Grades one test whose canonical trace is the same for every right design.
///
/// `grade!(JOIN, |rec| …)` makes a [`Recorder`], runs the body, compares the trace and reports that
/// the test is done. The trace is compared strictly on the reference; on a learner's file only where
/// the test is the exercise's lesson: `grade!(JOIN, lesson, |rec| …)`.
#[macro_export]
macro_rules! grade {
    ($exercise:expr, lesson, $body:expr) => {{
        fn here() {}
        $crate::grade(
            $exercise,
            $crate::test_name(here),
            $crate::Compared::Always,
            $body,
        )
    }};
    ($exercise:expr, $body:expr) => {{
        fn here() {}
        $crate::grade(
            $exercise,
            $crate::test_name(here),
            $crate::Compared::OnReference,
            $body,
        )
    }};
}

/// Grades one test that forces a race: right designs differ in what they do there, so the run has no
/// one expected trace, and rules alone decide.
#[macro_export]
macro_rules! grade_race {
    ($exercise:expr, $body:expr) => {{
        fn here() {}
        $crate::grade(
            $exercise,
            $crate::test_name(here),
            $crate::Compared::Never,
            $body,
        )
    }};
}

/// When the canonical trace of a test is compared with its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// In every run: this is the trace that the chapter teaches.
    Always,
    /// Only where the reference runs: the snapshot serves to be shown beside a learner's trace.
    OnReference,
    /// Never: there is no one trace.
    Never,
}

/// The function that contains `_here`, without its path.
pub fn test_name<F>(_here: F) -> &'static str {
    let path = std::any::type_name::<F>();
    let test = path.strip_suffix("::here").unwrap_or(path);
    // A test body may sit in a closure or in a child module.
    test.trim_end_matches("::{{closure}}")
        .rsplit("::")
        .next()
        .unwrap_or(test)
}

/// What [`grade!`](macro@crate::grade) expands to.
///
/// # Panics
///
/// When the body fails a rule, with the diagnosis and both traces as the message.
pub fn grade(
    exercise: Exercise,
    test: &'static str,
    compared: Compared,
    body: impl FnOnce(&Recorder),
) {
    journal::open();
    memory::guard();
    let expected = match compared {
        Compared::Never => None,
        Compared::Always | Compared::OnReference => snapshot::read(exercise, test),
    };
    journal::write(&Line::Start {
        test: test.into(),
        expected: expected.clone(),
    });
    let recorder = Recorder::new(exercise, test, expected);
    body(&recorder);
    recorder.check_for_swallowed_failure();
    let compare = match compared {
        Compared::Never => false,
        Compared::OnReference => !exercise.learners,
        Compared::Always => true,
    };
    if compare {
        snapshot::compare(&recorder);
    }
    journal::write(&Line::Done);
}
