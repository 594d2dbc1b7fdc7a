//! What a poll should give.

use std::{fmt::Debug, task::Poll};

use course::Recorder;

/// The rule about what a poll gives.
pub fn must_be<T: Debug + PartialEq>(rec: &Recorder, polled: Poll<T>, right: Poll<T>) {
    if polled == right {
        return;
    }
    let code = match (&polled, &right) {
        (Poll::Pending, _) => "never-ready",
        (_, Poll::Pending) => "early-ready",
        _ => "wrong-value",
    };
    rec.fail(
        code,
        format!("the poll gave {polled:?}, and {right:?} is right"),
    );
}
