//! Races between a future that waits for a time and the clock, forced at the steps where they matter.
//!
//! The second side runs on a thread of its own. It may have to wait for a lock that the first one
//! holds: a right design may have such a lock, and then goes on when it is released.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
    time::Duration,
};

use course::{Race, Recorder, Task};

use super::{Time, lock, pending, ready, steps};

/// How long the futures of these races wait.
pub const HOUR: Duration = Duration::from_secs(3600);

/// Complete "… although".
pub const STANDS: &str = "no time has passed";
pub const CAME: &str = "its time has come";

/// A step of a poll, for the time to come there.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// The future has seen that it must wait, and has registered nothing.
    WhileTheWakerIsCloned,
    /// The future has the clock's answer, and has done nothing with it; so many earlier looks in the
    /// same poll have passed by.
    AfterALookAtTheClock { skip: usize },
    /// The future holds no lock: before the first, between two, or after the last. It takes its locks
    /// from the grader's `crate::sync`; so many earlier moments of this kind have passed by.
    WhileItHoldsNoLock { skip: usize },
}

/// Lets the hour of `future` pass in the middle of a poll. Before, it is polled by the wakers `before`.
/// Tells whether the poll came by there; if not, the hour passes after the poll.
///
/// Fails with `check-then-register`.
pub fn the_time_comes_in_a_poll<F>(
    recorder: &Recorder,
    time: &Time,
    moment: Moment,
    before: &[&'static str],
    future: F,
) -> bool
where
    F: Future<Output: Debug>,
{
    let mut task = Task::new(recorder, future);
    for name in before {
        pending(recorder, task.poll(&recorder.waker(name)), STANDS);
    }
    let (race, mut latest) = (Race::new(), recorder.hostile_waker("B"));
    match moment {
        Moment::WhileTheWakerIsCloned => {
            let pass = time.passing_noted(HOUR, "while the waker is cloned");
            latest = latest.on_clone(race.once(pass));
        }
        Moment::AfterALookAtTheClock { skip } => {
            let pass = time.passing_noted(HOUR, "right after a look at the clock");
            time.after_look(skip, race.once(pass));
        }
        Moment::WhileItHoldsNoLock { skip } => {
            let pass = time.passing_noted(HOUR, "at a moment when the poll holds no lock");
            steps::ambush(skip, race.once(pass));
        }
    }
    let (latest, wakes) = (latest.build(), recorder.wakes("B"));
    let waits = task.poll(&latest).is_pending();
    race.finish();
    time.call_off();
    steps::call_off();
    if !race.was_forced() {
        time.pass(HOUR);
        recorder.must_wake("B", CAME);
    } else if waits && recorder.wakes("B") == wakes {
        must_only_be_late(recorder, time);
    }
    if waits {
        ready(recorder, task.poll(&latest), CAME);
    }
    race.was_forced()
}

/// The rule that B is woken, although late. How late is not graded: a future that asks for a ring in so
/// many minutes, and is stopped just before it does, is late by that stop.
fn must_only_be_late(recorder: &Recorder, time: &Time) {
    let wakes = recorder.wakes("B");
    time.passing(HOUR)();
    if recorder.wakes("B") == wakes {
        recorder.fail(
            "check-then-register",
            "the time came in the middle of the poll with waker B; the poll answered Pending, and nobody \
             woke B",
        );
    }
}

/// Lets the hour pass after the first look at the clock in a poll, after the second, and so on.
///
/// Fails with `check-then-register`.
pub fn the_time_comes_after_any_look<F>(recorder: &Recorder, time: &Time, make: impl Fn() -> F)
where
    F: Future<Output: Debug>,
{
    let moment = |skip| Moment::AfterALookAtTheClock { skip };
    the_time_comes_at_each(recorder, time, moment, make);
}

/// Lets the hour pass before the first lock of a poll, after it, before the second, and so on.
///
/// Fails with `check-then-register`.
pub fn the_time_comes_between_any_locks<F>(recorder: &Recorder, time: &Time, make: impl Fn() -> F)
where
    F: Future<Output: Debug>,
{
    let moment = |skip| Moment::WhileItHoldsNoLock { skip };
    the_time_comes_at_each(recorder, time, moment, make);
}

/// Lets the hour pass at each moment that a poll comes by, each time for another future; at a first
/// poll, and at one by another task.
fn the_time_comes_at_each<F>(
    recorder: &Recorder,
    time: &Time,
    moment: impl Fn(usize) -> Moment,
    make: impl Fn() -> F,
) where
    F: Future<Output: Debug>,
{
    for before in [&[][..], &["A"]] {
        for skip in 0.. {
            if !the_time_comes_in_a_poll(recorder, time, moment(skip), before, make()) {
                break;
            }
        }
    }
}

/// Lets a second thread poll `future` from within the wake, as an executor may.
///
/// Fails with `wake-before-flag` if that poll finds nothing and is never made up for. Advises
/// `wakes-under-lock` if it has to wait until the wake is over.
pub fn the_woken_task_polls_at_once<F>(recorder: &Recorder, time: &Time, future: F)
where
    F: Future<Output: Debug> + Send + 'static,
{
    let task = Arc::new(Mutex::new(Task::new(recorder, future)));
    let executor = Arc::new(recorder.waker("B"));
    let (race, polled) = (Race::new(), Arc::new(Mutex::new(None)));
    let rival = {
        let (task, executor, polled) = (task.clone(), executor.clone(), polled.clone());
        race.once(move || {
            let waits = lock(&task).poll(&executor).is_pending();
            *lock(&polled) = Some(waits);
        })
    };
    let first = recorder.hostile_waker("A").on_wake(rival).build();

    pending(recorder, lock(&task).poll(&first), STANDS);
    time.pass(HOUR);
    race.finish();
    let Some(waits) = *lock(&polled) else {
        return recorder.must_wake("A", CAME);
    };
    if waits && recorder.wakes("B") == 0 {
        recorder.fail(
            "wake-before-flag",
            "the woken task was polled within the wake and found the future still Pending; after that \
             nobody woke it again",
        );
    }
    if waits {
        ready(recorder, lock(&task).poll(&executor), CAME);
    }
    if race.was_blocked() {
        recorder.advise(
            "wakes-under-lock",
            "a poll from within the wake had to wait until the wake was over",
        );
    }
}
