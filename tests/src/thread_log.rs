//! Notes of tasks that all have to run on one thread.

use std::thread::{self, ThreadId};

use crate::recorder::Recorder;

/// Notes what happens, and looks on which thread it does. Clones note into the same run.
#[derive(Clone, Debug)]
pub struct ThreadLog {
    /// Where it is noted.
    recorder: Recorder,
    /// The thread that everything has to happen on.
    home: ThreadId,
}

impl ThreadLog {
    /// Everything has to happen on the thread that calls this.
    pub fn here(recorder: &Recorder) -> Self {
        ThreadLog {
            recorder: recorder.clone(),
            home: thread::current().id(),
        }
    }

    /// Adds a line to the run. Fails with `wrong-thread` on another thread.
    pub fn note(&self, text: impl Into<String>) {
        self.recorder.note(text);
        if thread::current().id() != self.home {
            self.recorder.fail(
                "wrong-thread",
                "a task was polled on another thread than that of its runtime",
            );
        }
    }
}
