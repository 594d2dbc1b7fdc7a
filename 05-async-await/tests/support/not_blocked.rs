//! Work that must not wait for anything.

#![allow(dead_code, unreachable_pub)]

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use course::{Race, Recorder};

/// Does `work` on a second thread, where it can be seen to wait. A rule that `work` breaks ends the test.
///
/// Fails with `code` if it waits: nobody else is there to end that. Fails with `polled-after-ready` if an `async fn`
/// complains of it.
pub fn must_not_block(
    rec: &Recorder,
    code: &str,
    seen: &str,
    work: impl FnOnce(&Recorder) + Send + 'static,
) {
    let (race, recorder) = (Race::certain(), rec.clone());
    race.run(move || work(&recorder));
    if race.was_blocked() {
        rec.fail(code, seen);
    }
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| race.finish())) else {
        return;
    };
    if let Some(words) = words(&*panic).filter(|words| words.contains("resumed after completion")) {
        let seen = format!("a future was polled again after it had answered Ready: {words}");
        rec.fail("polled-after-ready", seen);
    }
    resume_unwind(panic);
}

fn words(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
}
