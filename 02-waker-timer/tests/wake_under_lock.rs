//! The grader of `wake_under_lock`: somebody else's code runs when no lock is held.

// The file under test is a module of this program: what is public there is used here alone.
#![allow(unreachable_pub)]

mod support;

#[cfg_attr(
    feature = "my-wake-under-lock",
    path = "../exercises/wake_under_lock.rs"
)]
#[cfg_attr(
    not(feature = "my-wake-under-lock"),
    path = "../../tests/solutions/02-waker-timer/wake_under_lock/reference.rs"
)]
mod wake_under_lock;

use std::{
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use course::{Exercise, Race, Recorder, Task, grade, grade_race};
use futures::{executor::block_on, future::join};
use support::{
    Time, lock, pending,
    races::{CAME, HOUR, STANDS},
    ready,
};
use wake_under_lock::{Alarm, Wait};
use waker_timer::clock::{self, RealClock};

const WAKE_UNDER_LOCK: Exercise = course::exercise!(
    "wake_under_lock",
    stage = "02-waker-timer",
    feature = "my-wake-under-lock"
);

/// A wait that two threads can poll.
type Shared = Arc<Mutex<Task<Wait>>>;

fn shared(rec: &Recorder, name: &'static str, alarm: &Alarm) -> Shared {
    Arc::new(Mutex::new(Task::named(rec, name, alarm.wait())))
}

#[test]
fn is_pending_until_its_time_and_ready_from_then_on() {
    grade!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        let alarm = Alarm::new(HOUR);
        let (mut early, a) = (Task::named(rec, "early", alarm.wait()), rec.waker("A"));
        pending(rec, early.poll(&a), STANDS);
        time.pass(HOUR / 2);
        pending(rec, early.poll(&a), "its time has not come");
        rec.must_be_quiet();
        time.pass(HOUR / 2);
        rec.must_wake("A", CAME);
        ready(rec, early.poll(&a), CAME);
        let mut late = Task::named(rec, "late", alarm.wait());
        ready(rec, late.poll(&a), CAME);
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(WAKE_UNDER_LOCK, lesson, |rec| {
        let time = Time::stop(rec);
        let mut wait = Task::new(rec, Alarm::new(HOUR).wait());
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, wait.poll(&a), STANDS);
        pending(rec, wait.poll(&b), STANDS);
        time.pass(HOUR);
        rec.must_wake("B", CAME);
        ready(rec, wait.poll(&b), CAME);
    });
}

#[test]
fn wakes_everyone_who_waits() {
    grade!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        let alarm = Alarm::new(HOUR);
        let mut waits = [
            (Task::named(rec, "first", alarm.wait()), rec.waker("A")),
            (Task::named(rec, "second", alarm.wait()), rec.waker("B")),
            (Task::named(rec, "third", alarm.wait()), rec.waker("C")),
        ];
        for (wait, waker) in &mut waits {
            pending(rec, wait.poll(waker), STANDS);
        }
        time.pass(HOUR);
        for (_, waker) in &waits {
            let name = waker.name();
            if rec.wakes(name) == 0 {
                rec.fail(
                    "lost-wakeup",
                    format!(
                        "three tasks wait for the alarm; it has rung, and {name} was not woken"
                    ),
                );
            }
        }
        for (wait, waker) in &mut waits {
            ready(rec, wait.poll(waker), CAME);
        }
    });
}

/// What a task found that was polled from within its wake.
#[derive(Clone, Default)]
struct Found(Arc<Mutex<Option<Woken>>>);

#[derive(Clone, Copy)]
struct Woken {
    /// The poll that came at once.
    polled: Poll<()>,
    /// Whether that poll asked for another one.
    again: bool,
}

impl Found {
    /// The poll, to be run from within the wake.
    fn poll(&self, rec: &Recorder, wait: &Shared) -> impl Fn() + Send + Sync + use<> {
        let (found, rec, wait) = (self.clone(), rec.clone(), Arc::clone(wait));
        move || {
            let before = rec.wakes("B");
            let polled = lock(&wait).poll(&rec.waker("B"));
            let again = rec.wakes("B") > before;
            *lock(&found.0) = Some(Woken { polled, again });
        }
    }

    /// The rule that the task was woken, and that its poll found the time over.
    fn must_be_over(&self, rec: &Recorder, waker: &str) {
        let Some(woken) = *lock(&self.0) else {
            rec.must_wake(waker, CAME);
            return;
        };
        if woken.polled.is_ready() {
            return;
        }
        if woken.again {
            rec.fail(
                "busy-wake",
                format!(
                    "the task of {waker} was woken and polled at once; the poll asked for another one, and \
                     would do so again and again until the wake is over"
                ),
            );
        }
        rec.fail(
            "wake-before-flag",
            format!(
                "the task of {waker} was woken and polled at once, and the poll answered Pending although \
                 the time has come"
            ),
        );
    }
}

/// Two tasks wait. Each is polled from within its wake, on another thread.
fn polls_on_another_thread(rec: &Recorder, time: &Time) {
    let (alarm, race) = (Alarm::new(HOUR), Race::certain());
    let tasks = ["A", "C"].map(|name| {
        let (wait, found) = (shared(rec, name, &alarm), Found::default());
        let hook = race.once(found.poll(rec, &wait));
        let waker = rec.hostile_waker(name).on_wake(hook).build();
        pending(rec, lock(&wait).poll(&waker), STANDS);
        (wait, found, name)
    });
    time.pass(HOUR);
    race.finish();
    if race.was_blocked() {
        rec.fail(
            "wakes-under-lock",
            "a task was woken and polled at once on another thread; that poll had to wait for a lock which \
             was held until the wake was over",
        );
    }
    for (_wait, found, name) in &tasks {
        found.must_be_over(rec, name);
    }
}

#[test]
fn a_woken_task_may_poll_at_once_on_another_thread() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        polls_on_another_thread(rec, &time);
    });
}

#[test]
fn a_woken_task_may_poll_at_once_within_the_wake() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        // What a second thread can find, it finds first and by name. What is left would be a hang.
        polls_on_another_thread(rec, &time);
        let alarm = Alarm::new(HOUR);
        let tasks = ["D", "E"].map(|name| {
            let (wait, found) = (shared(rec, name, &alarm), Found::default());
            let hook = found.poll(rec, &wait);
            let waker = rec.hostile_waker(name).on_wake(hook).build();
            pending(rec, lock(&wait).poll(&waker), STANDS);
            (wait, found, name)
        });
        time.pass(HOUR);
        for (_wait, found, name) in &tasks {
            found.must_be_over(rec, name);
        }
    });
}

/// Lets go of waker A in `action`, and with each clone of it of another task, on another thread: that
/// task's wait for the same alarm is dropped while the clone is.
fn takes_another_task_along(rec: &Recorder, because: &str, action: impl FnOnce(&Time, Task<Wait>)) {
    let time = Time::stop(rec);
    let (alarm, race) = (Alarm::new(HOUR), Race::certain());
    // One for each clone of A that may come and go.
    let others = [(); 4].map(|()| {
        let mut other = Task::named(rec, "other", alarm.wait());
        pending(rec, other.poll(&rec.waker("C")), STANDS);
        other
    });
    let hook = {
        let (race, others) = (race.clone(), Mutex::new(others.into_iter()));
        move || {
            let other = lock(&others).next();
            race.run(move || drop(other));
        }
    };
    let waker = rec.hostile_waker("A").on_drop(hook).build();
    let mut wait = Task::new(rec, alarm.wait());
    pending(rec, wait.poll(&waker), STANDS);
    action(&time, wait);
    race.finish();
    if race.was_blocked() {
        rec.fail(
            "drops-under-lock",
            format!(
                "waker A was dropped because {because}, and with it another task; that task's wait for the \
                 same alarm had to wait for a lock which was held until the waker was gone"
            ),
        );
    }
    if waker.clones_alive() > 0 {
        rec.fail(
            "keeps-task-alive",
            format!(
                "waker A is still kept ({} times) although {because}",
                waker.clones_alive()
            ),
        );
    }
}

#[test]
fn a_waker_that_is_replaced_is_dropped_without_the_lock() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        takes_another_task_along(rec, "a poll brought another one", |_, mut wait| {
            pending(rec, wait.poll(&rec.waker("B")), STANDS);
        });
    });
}

#[test]
fn the_waker_of_a_wait_that_is_dropped_is_dropped_without_the_lock() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        takes_another_task_along(rec, "its wait was dropped", |_, wait| {
            drop(wait);
        });
    });
}

#[test]
fn a_waker_that_is_left_when_the_alarm_has_rung_is_dropped_without_the_lock() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        takes_another_task_along(rec, "the alarm has rung", |time, wait| {
            time.pass(HOUR);
            drop(wait);
        });
    });
}

#[test]
fn runs_on_the_real_clock() {
    grade!(WAKE_UNDER_LOCK, |rec| {
        let _real = clock::replace(Arc::new(RealClock));
        let alarm = Alarm::new(Duration::from_millis(3));
        // If somebody is not woken, this waits for ever, and the time limit says so.
        block_on(join(alarm.wait(), alarm.wait()));
        rec.note("both waits are over");
    });
}
