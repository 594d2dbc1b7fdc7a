//! Work on the grader's own thread, which must not be put to sleep.

#![allow(dead_code, unreachable_pub)]

use std::{
    panic::resume_unwind,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use course::{Recorder, Share, ThreadState};

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How often in a row the thread has to be seen asleep, without having run in between.
const SIGHTINGS: usize = 50;

/// Where the system does not show what a thread does: how much of the processor's time it could have had meanwhile, and
/// is taken for asleep then.
const SHARE: Duration = Duration::from_millis(400);

/// Does `work` on this thread, and looks from another one whether it sleeps.
///
/// Fails with `blocking-poll` if it does, as soon as `work` comes back.
pub fn must_stay_awake<T>(rec: &Recorder, seen: &'static str, work: impl FnOnce() -> T) -> T {
    let (state, watching) = (ThreadState::of_this_thread(), rec.clone());
    let (done, is_done) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        if falls_asleep(&state, &is_done) {
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

/// Looks until the work is done, or the thread is seen to sleep.
fn falls_asleep(thread: &ThreadState, is_done: &Receiver<()>) -> bool {
    let (mut asleep, mut last, mut share) = (0, None, Share::default());
    while is_done.recv_timeout(LOOK_AGAIN) == Err(RecvTimeoutError::Timeout) {
        let Some(now) = thread.look() else {
            if !thread.is_visible() && share.take() >= SHARE {
                return true;
            }
            continue;
        };
        let still = now.asleep && last.as_ref() == Some(&now);
        asleep = if still { asleep + 1 } else { 0 };
        if asleep >= SIGHTINGS {
            return true;
        }
        last = Some(now);
    }
    false
}
