//! A future of `std`, polled by hand with recorded wakers.

use std::{
    fmt::Debug,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{recorder::Recorder, waker::RecordedWaker};

/// A future and the record of its polls. It is polled only when the grader says so: a loop that
/// polled again on every `Pending` would hide each missing wake.
#[derive(Debug)]
pub struct Task<F> {
    /// The name in the trace; empty where the run has only one future.
    name: &'static str,
    /// Where polls are written down.
    recorder: Recorder,
    /// The future under test, at one address for its whole life.
    future: Pin<Box<F>>,
}

impl<F: Future> Task<F> {
    /// The run's only future.
    pub fn new(recorder: &Recorder, future: F) -> Self {
        Task::named(recorder, "", future)
    }

    /// One of several futures.
    pub fn named(recorder: &Recorder, name: &'static str, future: F) -> Self {
        Task {
            name,
            recorder: recorder.clone(),
            future: Box::pin(future),
        }
    }

    /// Polls once. The output is shown by `Debug`.
    pub fn poll(&mut self, waker: &RecordedWaker) -> Poll<F::Output>
    where
        F::Output: Debug,
    {
        let describe = |poll: &Poll<F::Output>| match poll {
            Poll::Ready(output) => Some(format!("{output:?}")),
            Poll::Pending => None,
        };
        let future = &mut self.future;
        self.recorder.poll_named(
            self.name,
            waker.name(),
            || {
                future
                    .as_mut()
                    .poll(&mut Context::from_waker(waker.as_waker()))
            },
            describe,
        )
    }
}
