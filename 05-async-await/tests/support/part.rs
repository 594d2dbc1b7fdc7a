//! An asynchronous function that the grader hands in: it is over when the grader says so.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Waker,
};

use course::{Child, ChildFuture, RecordedWaker, Recorder, memory};

/// The function. Clones are the same function.
#[derive(Debug)]
pub struct Part<T> {
    recorder: Recorder,
    /// What a call gives the future's end of.
    child: Arc<Child<Waker, T>>,
    /// How often it was called.
    calls: Arc<AtomicUsize>,
}

impl<T: Debug> Part<T> {
    pub fn new(recorder: &Recorder, name: &'static str) -> Self {
        Part {
            recorder: recorder.clone(),
            child: Arc::new(Child::new(recorder, name)),
            calls: Arc::default(),
        }
    }

    /// The call. Nothing is done before the future is polled.
    ///
    /// Fails with `dropped-pending` if it was called already.
    pub fn call(&self) -> ChildFuture<Waker, T> {
        let name = self.name();
        memory::uncounted(|| self.recorder.called(format!("`{name}` is called")));
        if self.calls.fetch_add(1, SeqCst) > 0 {
            self.recorder.fail(
                "dropped-pending",
                format!(
                    "`{name}` was called a second time: that makes a new future, and what the first one \
                     had done is lost"
                ),
            );
        }
        self.child.future()
    }

    /// Lets it be over, which wakes the task that polled it last.
    pub fn finish(&self, output: T) {
        self.child.finish(output);
    }

    /// Lets it be over at its next poll, without a word: for what is over from the start.
    pub fn over_at_once(self, output: T) -> Self {
        let child = Child::new(&self.recorder, self.name()).ready(output);
        Part {
            child: Arc::new(child),
            ..self
        }
    }

    pub fn name(&self) -> &'static str {
        self.child.name()
    }

    pub fn was_called(&self) -> bool {
        self.calls.load(SeqCst) > 0
    }

    pub fn has_begun(&self) -> bool {
        self.child.polls() > 0
    }

    pub fn is_over(&self) -> bool {
        self.child.is_finished()
    }

    /// The rule that its wake reaches the task, which was last polled with `waker`, and with `older` before.
    ///
    /// Fails with `stale-waker`, `swallowed-wake` or `not-concurrent`.
    pub fn must_have_woken(&self, waker: &RecordedWaker, older: Option<&RecordedWaker>) {
        if self.recorder.wakes_since_note(waker.name()) > 0 {
            return;
        }
        let name = self.name();
        if !self.has_begun() {
            self.recorder.fail(
                "not-concurrent",
                format!("`{name}` has not begun, and so it wakes nobody"),
            );
        }
        if older.is_some_and(|older| self.recorder.wakes_since_note(older.name()) > 0) {
            self.recorder
                .must_wake(waker.name(), &format!("`{name}` can go on"));
        }
        let seen = format!(
            "`{name}` can go on and has woken the waker of its last poll, and that did not wake the task, \
             whose waker is {}",
            waker.name(),
        );
        self.recorder.fail("swallowed-wake", seen);
    }
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        Part {
            recorder: self.recorder.clone(),
            child: Arc::clone(&self.child),
            calls: Arc::clone(&self.calls),
        }
    }
}
