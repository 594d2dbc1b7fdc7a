//! Work that must not wait for anything.

#![allow(dead_code, unreachable_pub)]

use std::sync::{Arc, Mutex};

use course::{Race, Recorder};

use crate::rules::lock;

/// Does `work` on a second thread, where it can be seen to wait, and gives what it gives.
///
/// Fails with `code` if it waits: nobody else is there to end that.
pub fn must_not_block<T: Send + 'static>(
    rec: &Recorder,
    code: &str,
    seen: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (race, output) = (Race::certain(), Arc::new(Mutex::new(None)));
    let slot = Arc::clone(&output);
    race.run(move || *lock(&slot) = Some(work()));
    if race.was_blocked() {
        rec.fail(code, seen);
    }
    race.finish();
    lock(&output).take()
}
