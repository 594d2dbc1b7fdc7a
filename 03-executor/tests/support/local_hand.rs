//! An executor in the grader's hand, and what futures that stay on their thread may expect of it.

use std::{
    fmt::Debug,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use course::{Recorder, Task};
use executor::{Executor, JoinError, LocalJoinHandle, Spawner, spawn_local};

use super::stay::Stay;

/// What a handle is polled for by hand.
pub type Handle<T = Rc<String>> = Task<LocalJoinHandle<T>>;

/// An executor in the grader's hand: tasks run in [`turn`](Hand::turn), and nothing ever sleeps.
pub struct Hand {
    recorder: Recorder,
    pub executor: Executor,
    pub spawner: Spawner,
}

impl Hand {
    pub fn new(recorder: &Recorder) -> Self {
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        Hand {
            recorder: recorder.clone(),
            executor,
            spawner,
        }
    }

    pub fn spawn(&self, stay: &Stay) -> Handle {
        let handle = spawn_local(&self.spawner, stay.future());
        Task::named(&self.recorder, stay.name(), handle)
    }

    /// Runs what is ready. Fails with `busy-wake` if that does not come to an end.
    pub fn turn(&mut self) {
        const MOST: usize = 50;
        self.executor.turn(MOST);
        if self.executor.has_ready() {
            self.recorder.fail(
                "busy-wake",
                format!(
                    "after {MOST} polls there are still tasks ready, and nobody has woken them"
                ),
            );
        }
    }

    /// The rule that a wake reaches the task: it is ready now, and no future has been polled yet.
    ///
    /// Fails with `dead-waker`.
    pub fn must_be_ready(&self, stay: &Stay) {
        if !self.executor.has_ready() {
            self.recorder.fail(
                "dead-waker",
                format!(
                    "the waker that the future of `{}` was polled with was woken, and no task is ready",
                    stay.name()
                ),
            );
        }
    }

    /// The result of a task that is over.
    ///
    /// Fails with `silent-end` if the handle does not know yet.
    pub fn result<T: Debug>(&self, handle: &mut Handle<T>, over: &str) -> Result<T, JoinError> {
        let waker = self.recorder.waker("A");
        let polled = catch_unwind(AssertUnwindSafe(|| handle.poll(&waker)));
        match polled {
            Ok(Poll::Ready(result)) => result,
            Ok(Poll::Pending) => self.recorder.fail(
                "silent-end",
                format!("{over}, and its handle answers Pending"),
            ),
            Err(_) => self
                .recorder
                .fail("silent-end", format!("{over}, and its handle panics")),
        }
    }

    /// The output of a task that has finished.
    ///
    /// Fails with `wrong-value` or `silent-end`.
    pub fn must_finish(&self, handle: &mut Handle, stay: &Stay) {
        let name = stay.name();
        match self.result(
            handle,
            &format!("the future of `{name}` has answered Ready"),
        ) {
            Ok(output) if *output == name => {}
            other => self.recorder.fail(
                "wrong-value",
                format!(
                    "the future of `{name}` answered \"{name}\", and its handle gives {other:?}"
                ),
            ),
        }
    }
}

/// The rule that a future is polled when its task was woken, and not otherwise. `polls` is how often it should have been by now.
pub fn must_have_polled(rec: &Recorder, stay: &Stay, polls: usize, why: &str) {
    let (name, seen) = (stay.name(), stay.polls());
    if seen < polls && seen > 0 && stay.is_dropped() {
        rec.fail(
            "dropped-pending",
            format!(
                "{why}, and the future of `{name}` is not there any more: its last poll was Pending"
            ),
        );
    }
    if seen < polls {
        rec.fail(
            if polls == 1 {
                "never-polled"
            } else {
                "woken-not-polled"
            },
            format!("{why}, and the future of `{name}` was not polled"),
        );
    }
    if seen > polls {
        rec.fail(
            "polled-unwoken",
            format!("{why}, and the future of `{name}` has been polled {seen} times by now instead of {polls}"),
        );
    }
}

/// The rule that a future ends with its task.
pub fn must_be_dropped(rec: &Recorder, stay: &Stay, over: &str) {
    if !stay.is_dropped() {
        stay.disarm();
        rec.fail_reading(
            "futures-that-stay",
            "keeps-future",
            format!("{over}, and the future of `{}` is still there", stay.name()),
        );
    }
}

/// The rule that a task which was cancelled has no output.
///
/// Fails with `silent-end`.
pub fn must_be_cancelled<T: Debug>(rec: &Recorder, result: Result<T, JoinError>) {
    match result {
        Err(error) if error.is_cancelled() => {}
        other => rec.fail(
            "silent-end",
            format!("the task was cancelled, and its handle gives {other:?}"),
        ),
    }
}

/// The rule that the handle of a task that never came to an output gives some error. It is polled without a line in
/// the trace: an error may hold anything.
///
/// Fails with `silent-end` or `wrong-value`.
pub fn must_be_an_error<T: Debug>(rec: &Recorder, handle: LocalJoinHandle<T>, why: &str) {
    match pin!(handle).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(_)) => {}
        Poll::Ready(Ok(output)) => rec.fail(
            "wrong-value",
            format!("{why}, it was never polled, and its handle gives the output {output:?}"),
        ),
        Poll::Pending => rec.fail(
            "silent-end",
            format!("{why}, and its handle answers Pending"),
        ),
    }
}

/// The rule that no code of the futures runs while the layer's own list is borrowed.
pub fn must_let_in(rec: &Recorder, whose: &str, spawn: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(spawn)).is_err() {
        rec.fail(
            "held-list",
            format!("a future called `spawn_local` in {whose}, and that panicked"),
        );
    }
}
