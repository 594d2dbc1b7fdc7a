//! What a recorded run consists of.

use serde::{Deserialize, Serialize};

/// One thing that happened in a run, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A poll begins.
    PollBegins {
        /// The future's name; empty where the run has only one.
        future: String,
        /// The waker that the poll was given.
        waker: String,
    },
    /// The poll that began last on this future ends.
    PollEnds {
        /// The future's name; empty where the run has only one.
        future: String,
        /// The output, or `None` for `Pending`.
        ready: Option<String>,
    },
    /// A scripted child was polled by the future under test.
    ChildPolled {
        /// The child's name.
        child: String,
        /// The output, or `None` for `Pending`.
        ready: Option<String>,
    },
    /// A waker was woken, by value or by reference.
    Woken {
        /// The waker's name.
        waker: String,
    },
    /// A waker was cloned.
    Cloned {
        /// The waker's name.
        waker: String,
    },
    /// A waker, or a clone of it, was dropped without being woken.
    Dropped {
        /// The waker's name.
        waker: String,
    },
    /// A scripted child was dropped.
    ChildDropped {
        /// The child's name.
        child: String,
    },
    /// The code under test called something that the grader stands behind: a socket, a clock, a source
    /// of wakes. Right designs differ in these calls: they are there to be read, and not compared.
    Called {
        /// The call with its answer, as the trace shows it: `socket.has_data_to_read() → false`.
        call: String,
    },
    /// The world did something: time passed, a peer sent, a child can finish.
    Noted {
        /// What happened, as the trace shows it.
        text: String,
    },
}
