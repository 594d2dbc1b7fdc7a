//! Rules that hold for every channel. The grader says which section of the chapter is meant.

#![allow(dead_code)]

use course::{Race, RecordedWaker, Recorder};

use crate::{SECTION, values::Values};

/// The rule that whoever waits hears that the other side is gone.
///
/// Fails with `silent-close`.
pub(crate) fn must_hear(rec: &Recorder, waker: &str, waits: &str, gone: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail_reading(
            SECTION,
            "silent-close",
            format!("{gone}, and {waits}, which waits with waker {waker}, was not woken"),
        );
    }
}

/// The rule that a waker is gone with the future that has left it.
///
/// Fails with `keeps-task-alive`.
pub(crate) fn must_be_released(rec: &Recorder, waker: &RecordedWaker, when: &str) {
    if waker.clones_alive() > 0 {
        let name = waker.name();
        rec.fail_reading(
            SECTION,
            "keeps-task-alive",
            format!("{when}; a clone of its waker {name} is still there"),
        );
    }
}

/// The rule that no value outlives whoever could receive it.
///
/// Fails with `leaked-value`.
pub(crate) fn must_be_left(rec: &Recorder, values: &Values, left: usize, when: &str) {
    let alive = values.alive();
    if alive > left {
        rec.fail_reading(
            SECTION,
            "leaked-value",
            format!(
                "{when}; still alive, although nobody has them: {} of the values",
                alive - left
            ),
        );
    }
}

/// A poll from within the wake found nothing.
///
/// Fails with `wake-before-flag`.
pub(crate) fn wakes_too_early(rec: &Recorder, event: &str) -> ! {
    rec.fail_reading(
        SECTION,
        "wake-before-flag",
        format!("{event}; whoever waited for it was woken and polled at once, within the wake, and found nothing"),
    )
}

/// Advises `wakes-under-lock`.
pub(crate) fn advise_if_blocked(rec: &Recorder, race: &Race) {
    if race.was_blocked() {
        rec.advise(
            "wakes-under-lock",
            "a poll from within the wake had to wait until the wake was over",
        );
    }
}
