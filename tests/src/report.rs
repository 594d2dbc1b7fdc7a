//! The channel from a grader to whoever runs it: one JSON line per fact, appended to the file
//! that the environment names. A learner's code prints to standard output; it does not write here.

use serde::{Deserialize, Serialize};

use crate::{diagnosis::Diagnosis, event::Event};

/// The environment variable that names the report's file. Unset: nothing is reported.
pub const REPORT_FILE: &str = "COURSE_REPORT";

/// The environment variable with the most bytes that may be allocated at once.
pub const MEMORY_LIMIT: &str = "COURSE_MEMORY_LIMIT";

/// The environment variable with the most threads that may live at once.
pub const THREAD_LIMIT: &str = "COURSE_THREAD_LIMIT";

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// The test has begun.
    Start {
        /// The test's name.
        test: String,
        /// The canonical trace that the reference leaves, where there is one that holds for
        /// every right design (a forced race has none).
        expected: Option<String>,
    },
    /// Something happened in the run.
    Trace {
        /// What happened.
        event: Event,
    },
    /// The run is wrong. The first such line is the verdict, whatever follows.
    Diagnosis {
        /// What is wrong.
        diagnosis: Diagnosis,
    },
    /// The run is right, and could be better.
    Advice {
        /// What could be better.
        diagnosis: Diagnosis,
    },
    /// A limit was reached, and the process ended itself.
    Limit {
        /// `out-of-memory` or `too-many-threads`.
        limit: String,
        /// What was seen, with the limit.
        seen: String,
    },
    /// A panic that began outside the grader's own assertions.
    Panic {
        /// The panic's message.
        message: String,
        /// `file:line:column`.
        location: String,
    },
    /// The last assertion has been made. Without this line no run is a pass.
    Done,
}
