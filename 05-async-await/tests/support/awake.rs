//! Work on the grader's own thread, which must not be put to sleep.

#![allow(dead_code, unreachable_pub)]

use std::{panic::resume_unwind, sync::mpsc, thread};

use course::{Care, Recorder, ThreadState};

/// Does `work` on this thread, and looks from another one whether it sleeps.
///
/// Fails with `blocking-poll` if it does, as soon as `work` comes back.
pub fn must_stay_awake<T>(rec: &Recorder, seen: &'static str, work: impl FnOnce() -> T) -> T {
    let (state, watching) = (ThreadState::of_this_thread(), rec.clone());
    let (done, is_done) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        if state.sleeps_before(&is_done, Care::Certain) {
            // Written down at once: if the sleep is a long one, the runner ends the test.
            watching.fail("blocking-poll", seen);
        }
    });
    let output = work();
    drop(done);
    if let Err(panic) = watcher.join() {
        resume_unwind(panic);
    }
    output
}
