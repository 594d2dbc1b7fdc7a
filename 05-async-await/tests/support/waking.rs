//! Who has to be woken, for graders that know a section of the chapter for it.

#![allow(dead_code, unreachable_pub)]

use course::Recorder;

/// The rule that `waker`, which the latest poll was given, has been woken since the world last did something.
/// `others` are the wakers of earlier polls; `event` completes the sentence "… although".
///
/// Fails with `stale-waker`, with `swallowed-wake` if something did `wake` and none of these heard it, and
/// with `lost-wakeup`.
pub fn must_wake(
    recorder: &Recorder,
    section: &str,
    (waker, others): (&str, &[&str]),
    wakes: bool,
    event: &str,
) {
    if recorder.wakes_since_note(waker) > 0 {
        return;
    }
    let other = (others.iter()).find(|other| recorder.wakes_since_note(other) > 0);
    let (code, seen) = match other {
        Some(other) => (
            "stale-waker",
            format!(
                "the latest poll came with waker {waker}, and waker {other} was woken when {event}"
            ),
        ),
        None if wakes => (
            "swallowed-wake",
            format!(
                "{event}, and woke the waker that it was asked with, but that is not waker {waker} of the task"
            ),
        ),
        None => (
            "lost-wakeup",
            format!("the task waits with waker {waker}, and nobody woke it although {event}"),
        ),
    };
    recorder.fail_reading(section, code, seen);
}
