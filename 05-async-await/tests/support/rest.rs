//! Who waits may look once more, and then has to be quiet.

#![allow(dead_code, unreachable_pub)]

use course::{RecordedWaker, Recorder};

/// So many polls more than needed are somebody's way of doing it (`FuturesUnordered` needs one).
const MOST_POLLS: usize = 5;

/// Polls as an executor would as long as nothing happens: whenever the task was woken.
///
/// Fails with `busy-wake` if that does not end.
pub fn must_come_to_rest(rec: &Recorder, waker: &RecordedWaker, mut poll: impl FnMut()) {
    for _ in 0..MOST_POLLS {
        let wakes = rec.wakes(waker.name());
        poll();
        if rec.wakes(waker.name()) == wakes {
            return;
        }
    }
    rec.fail(
        "busy-wake",
        format!(
            "nothing has happened, and each of {MOST_POLLS} polls has woken the task: that goes on for ever"
        ),
    );
}
