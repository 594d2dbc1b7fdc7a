//! A task that ends when the grader says so: what a `JoinHandle` that is graded belongs to.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use course::{Recorder, Task};
use executor::JoinError;

use crate::{
    join_handle::{JoinHandle, JoinState},
    joinable::Joinable,
    steps,
};

/// What tasks here give.
pub(crate) const OUTPUT: u32 = 7;

/// Complete "… although".
pub(crate) const RUNS: &str = "the task has no result yet";
pub(crate) const OVER: &str = "the task has its result";

/// How a task ends.
pub(crate) type Outcome = Result<u32, JoinError>;

/// More steps than a poll of a handle has, whatever its design.
const TOO_MANY_STEPS: usize = 10_000;

pub(crate) struct ScriptedTask {
    rec: Recorder,
    state: JoinState<u32>,
    aborts: AtomicUsize,
    /// Whether it says that it is surely not over, as long as it is not.
    guesses: bool,
    /// Whether it is about to leave its result, or has left it.
    ending: AtomicBool,
}

impl ScriptedTask {
    /// A task, and its handle.
    pub(crate) fn new(rec: &Recorder) -> (Arc<Self>, JoinHandle<u32>) {
        Self::with(rec, false)
    }

    fn with(rec: &Recorder, guesses: bool) -> (Arc<Self>, JoinHandle<u32>) {
        must_not_spin(rec);
        let task = Arc::new(Self {
            rec: rec.clone(),
            state: JoinState::new(),
            aborts: AtomicUsize::new(0),
            guesses,
            ending: AtomicBool::new(false),
        });
        let handle = JoinHandle::new(Arc::clone(&task) as Arc<dyn Joinable<u32>>);
        (task, handle)
    }

    /// A task, and its handle, to be polled by hand.
    pub(crate) fn spawn(rec: &Recorder) -> (Arc<Self>, Task<JoinHandle<u32>>) {
        let (task, handle) = Self::new(rec);
        (task, Task::new(rec, handle))
    }

    /// As [`spawn`](Self::spawn), and if it `guesses` its `may_be_over` says no until it ends.
    pub(crate) fn spawn_that(rec: &Recorder, guesses: bool) -> (Arc<Self>, Task<JoinHandle<u32>>) {
        let (task, handle) = Self::with(rec, guesses);
        (task, Task::new(rec, handle))
    }

    pub(crate) fn finish(&self, result: Outcome) {
        self.rec.note(format!("finish({result:?})"));
        self.finish_quietly(result);
    }

    /// Leaves no line in the trace, in which this may come anywhere.
    pub(crate) fn finish_quietly(&self, result: Outcome) {
        self.ending.store(true, SeqCst);
        self.state.finish(result);
    }

    /// How often it was asked for its end.
    pub(crate) fn aborts(&self) -> usize {
        self.aborts.load(SeqCst)
    }
}

impl Joinable<u32> for ScriptedTask {
    fn join_state(&self) -> &JoinState<u32> {
        &self.state
    }

    fn abort(self: Arc<Self>) {
        self.rec.called("abort()");
        self.aborts.fetch_add(1, SeqCst);
    }

    fn may_be_over(&self) -> bool {
        !self.guesses || self.ending.load(SeqCst)
    }
}

/// The rule that the handle gives what the task has left.
pub(crate) fn must_be_the_output(rec: &Recorder, result: Outcome) {
    if !matches!(result, Ok(OUTPUT)) {
        rec.fail(
            "wrong-value",
            format!("the task left Ok({OUTPUT}), and the handle gives {result:?}"),
        );
    }
}

/// The rule that no call on this thread looks for something over and over.
///
/// Fails with `blocking-poll`.
fn must_not_spin(rec: &Recorder) {
    let (watching, steps) = (rec.clone(), Cell::new(0));
    steps::watch(move || {
        steps.set(steps.get() + 1);
        if steps.get() > TOO_MANY_STEPS {
            watching.fail(
                "blocking-poll",
                format!(
                    "the code under test has locked and looked {TOO_MANY_STEPS} times and does not return, while \
                     nothing changes"
                ),
            );
        }
    });
}
