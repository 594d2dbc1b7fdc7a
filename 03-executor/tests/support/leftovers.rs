//! What may be left of a task, or of a whole executor, when it is over.

#![allow(dead_code, unreachable_pub)]

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use course::{RecordedWaker, Recorder};
use executor::{JoinError, JoinHandle};

use crate::probe::Probe;

/// The section that tells how an executor ends.
const CHAPTER: &str = "run-until-the-work-is-done";

/// The rule that a future is dropped because `reason`.
///
/// Fails with `forgotten-task`.
pub fn must_be_dropped(rec: &Recorder, probe: &Probe, reason: &str) {
    if !probe.is_dropped() {
        let name = probe.name();
        rec.fail_reading(
            CHAPTER,
            "forgotten-task",
            format!("the future of `{name}` has not been dropped, although {reason}"),
        );
    }
}

/// The rule that a task that is over has left a result.
///
/// Fails with `silent-end`.
pub fn must_be_finished<T>(rec: &Recorder, name: &str, handle: &JoinHandle<T>) {
    if !handle.is_finished() {
        rec.fail(
            "silent-end",
            format!("`{name}` will never be polled again, and its handle has no result"),
        );
    }
}

/// The rule that the handle says `Cancelled` because `reason`.
///
/// Fails with `silent-end` or `wrong-value`.
pub fn must_be_cancelled(rec: &Recorder, name: &str, mut handle: JoinHandle<()>, reason: &str) {
    let poll = Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop()));
    match poll {
        Poll::Ready(Err(JoinError::Cancelled)) => {}
        Poll::Pending => rec.fail(
            "silent-end",
            format!("the handle of `{name}` still answers Pending, although {reason}"),
        ),
        other => rec.fail(
            "wrong-value",
            format!(
                "the handle of `{name}` gives {other:?}, although {reason}: this is `Cancelled`"
            ),
        ),
    }
}

/// The rule that nothing is left of an executor when nobody has a hold on it or its tasks.
///
/// Fails with `leaked-reference`.
pub fn must_be_gone(rec: &Recorder, unpark: &RecordedWaker) {
    if unpark.clones_alive() > 0 {
        rec.fail_reading(
            CHAPTER,
            "leaked-reference",
            "the executor, its spawners, its handles and all wakers are gone, and its `unpark` is still there: \
             something holds itself",
        );
    }
}
