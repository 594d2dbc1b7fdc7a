//! A poll of a `JoinHandle` and the end of its task meet, on two threads.

use std::{
    sync::{Arc, Mutex},
    task::Poll,
};

use course::{HostileWaker, Race, RecordedWaker, Recorder, Task};

use crate::{
    join_handle::JoinHandle,
    rules::{lock, pending, ready},
    scripted_task::{OUTPUT, OVER, Outcome, RUNS, ScriptedTask, must_be_the_output},
    steps,
};

/// Has the task end in the middle of a poll, on a second thread, and judges. `force` leads the rival to
/// its moment. Tells whether there was such a moment. `before` says that the handle was polled before, and
/// `guesses` that the task's `may_be_over` tells when it surely is not.
pub(crate) fn ends_in_a_poll(
    rec: &Recorder,
    force: impl FnOnce(Box<dyn Fn() + Send + Sync>, HostileWaker) -> RecordedWaker,
    (before, guesses): (bool, bool),
) -> bool {
    let (race, (task, mut handle)) = (Race::new(), ScriptedTask::spawn_that(rec, guesses));
    if before {
        pending(rec, handle.poll(&rec.waker("A")), RUNS);
    }
    let rival = race.once(move || task.finish(Ok(OUTPUT)));
    let latest = force(Box::new(rival), rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let poll = handle.poll(&latest);
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    match poll {
        Poll::Ready(result) => must_be_the_output(rec, result),
        Poll::Pending if rec.wakes("B") == wakes => rec.fail(
            "check-then-register",
            "the task ended in the middle of the poll with waker B; the poll answered Pending, and nobody \
             woke B",
        ),
        Poll::Pending => must_be_the_output(rec, ready(rec, handle.poll(&latest), OVER)),
    }
    true
}

/// A handle that two threads can poll.
pub(crate) type Shared = Arc<Mutex<Task<JoinHandle<u32>>>>;

/// Polls with waker B, and keeps what comes.
pub(crate) fn polls(
    rec: &Recorder,
    handle: &Shared,
    found: &Arc<Mutex<Option<Poll<Outcome>>>>,
) -> impl Fn() + Send + Sync + use<> {
    let (rec, handle, found) = (rec.clone(), Arc::clone(handle), Arc::clone(found));
    move || {
        let poll = lock(&handle).poll(&rec.waker("B"));
        *lock(&found) = Some(poll);
    }
}
