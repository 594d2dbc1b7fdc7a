//! Rules that several graders of this stage check, and a lock for the grader's own data.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt::Debug,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use course::Recorder;

/// Locks, also after a panic: what the mutex holds is valid all the same, and the test is over soon.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// So many of these: `1 task`, `2 tasks`.
pub fn count(number: usize, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}

/// The output of a poll that has to be ready because `event` has happened.
///
/// Fails with `never-ready`.
pub fn ready<T>(recorder: &Recorder, poll: Poll<T>, event: &str) -> T {
    match poll {
        Poll::Ready(output) => output,
        Poll::Pending => recorder.fail(
            "never-ready",
            format!("the future answered Pending although {event}"),
        ),
    }
}

/// A poll that has to be pending because `reason`.
///
/// Fails with `early-ready`.
pub fn pending<T: Debug>(recorder: &Recorder, poll: Poll<T>, reason: &str) {
    if let Poll::Ready(output) = poll {
        recorder.fail(
            "early-ready",
            format!("the future answered Ready({output:?}) although {reason}"),
        );
    }
}
