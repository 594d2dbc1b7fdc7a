//! One poll of a task, as cheap as the task allows.
//!
//! The task of the course gives back, after a poll, what is left of its [`Runnable`]. The one of the
//! exercise knows only `run` and `waker`: here is what stands in for the rest.

use std::task::Waker;

use crate::task::Runnable;

#[cfg(not(feature = "my-task"))]
pub(crate) use crate::task::Polled;

/// What became of a task in a poll.
#[cfg(feature = "my-task")]
#[allow(dead_code, reason = "the exercise's task queues itself, and keeps its reference")]
pub(crate) enum Polled {
    Over,
    Waits(Waker),
    Again(Runnable),
}

/// Polls a task.
#[cfg(not(feature = "my-task"))]
pub(crate) fn poll(runnable: Runnable) -> Polled {
    runnable.poll_once()
}

/// Polls a task.
#[cfg(feature = "my-task")]
pub(crate) fn poll(runnable: Runnable) -> Polled {
    match runnable.run() {
        std::task::Poll::Ready(()) => Polled::Over,
        // Its waker was asked for when it was new.
        std::task::Poll::Pending => Polled::Waits(Waker::noop().clone()),
    }
}

/// The waker of a new task, if it must be asked for: the course's comes out of the first poll.
pub(crate) fn waker_of_new(runnable: &Runnable) -> Option<Waker> {
    cfg!(feature = "my-task").then(|| runnable.waker())
}
