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

use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race};
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

/// A waker that has its task polled from within `wake`, on another thread. Where that poll has to wait
/// until the wake is over, this fails with `wakes-under-lock`.
fn polls_at_once(rec: &Recorder, name: &'static str, wait: &Shared) -> RecordedWaker {
    let race = Race::certain();
    let rival = {
        let (rec, wait) = (rec.clone(), Arc::clone(wait));
        race.once(move || must_be_over(&rec, &wait))
    };
    let hook = {
        let rec = rec.clone();
        move || {
            rival();
            if race.was_blocked() {
                rec.fail(
                    "wakes-under-lock",
                    format!(
                        "the task of {name} was woken and polled at once on another thread; that poll has to \
                         wait for a lock which is held until the wake is over"
                    ),
                );
            }
            race.finish();
        }
    };
    rec.hostile_waker(name).on_wake(hook).build()
}

/// One poll of a task that was woken because the time has come.
fn must_be_over(rec: &Recorder, wait: &Shared) {
    let waker = rec.waker("B");
    let polled = lock(wait).poll(&waker);
    if polled == Poll::Pending {
        if rec.wakes("B") > 0 {
            rec.fail(
                "busy-wake",
                "the task was woken and polled at once; the poll asked for another one, and another, as \
                 long as the wake goes on",
            );
        }
        rec.fail(
            "wake-before-flag",
            "the task was woken and polled at once, and the poll answered Pending although the time has come",
        );
    }
}

#[test]
fn a_woken_task_may_poll_at_once_on_another_thread() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        let alarm = Alarm::new(HOUR);
        let waits = [shared(rec, "first", &alarm), shared(rec, "second", &alarm)];
        let wakers = [
            polls_at_once(rec, "A", &waits[0]),
            polls_at_once(rec, "C", &waits[1]),
        ];
        for (wait, waker) in waits.iter().zip(&wakers) {
            pending(rec, lock(wait).poll(waker), STANDS);
        }
        time.pass(HOUR);
        for waker in ["A", "C"] {
            rec.must_wake(waker, CAME);
        }
    });
}

#[test]
fn a_woken_task_may_poll_at_once_within_the_wake() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let time = Time::stop(rec);
        // What a second thread can tell, it tells first: from here on a mistake would be a hang.
        let alarm = Alarm::new(HOUR);
        let wait = shared(rec, "first", &alarm);
        let scout = polls_at_once(rec, "A", &wait);
        pending(rec, lock(&wait).poll(&scout), STANDS);
        time.pass(HOUR);

        let alarm = Alarm::new(HOUR);
        let waits = [shared(rec, "second", &alarm), shared(rec, "third", &alarm)];
        let wakers = [inline(rec, "C", &waits[0]), inline(rec, "D", &waits[1])];
        for (wait, waker) in waits.iter().zip(&wakers) {
            pending(rec, lock(wait).poll(waker), STANDS);
        }
        time.pass(HOUR);
        for waker in ["C", "D"] {
            rec.must_wake(waker, CAME);
        }
    });
}

/// A waker that polls its task within `wake`, on the same thread.
fn inline(rec: &Recorder, name: &'static str, wait: &Shared) -> RecordedWaker {
    let (recorder, wait) = (rec.clone(), Arc::clone(wait));
    rec.hostile_waker(name)
        .on_wake(move || must_be_over(&recorder, &wait))
        .build()
}

/// A waker whose drop has another task dropped, on another thread, and with it a wait for the same
/// alarm. Where that has to wait, this fails with `drops-under-lock`.
fn drops_another_task(rec: &Recorder, alarm: &Alarm, when: &'static str) -> RecordedWaker {
    let race = Race::certain();
    let mut other = Task::named(rec, "other", alarm.wait());
    pending(rec, other.poll(&rec.waker("C")), STANDS);
    let rival = race.once(move || drop(other));
    let hook = {
        let rec = rec.clone();
        move || {
            rival();
            if race.was_blocked() {
                rec.fail(
                    "drops-under-lock",
                    format!(
                        "waker A is dropped {when}, and with it another task; that task's wait for the \
                         alarm wants a lock which is held until the waker is gone"
                    ),
                );
            }
            race.finish();
        }
    };
    rec.hostile_waker("A").on_drop(hook).build()
}

#[test]
fn a_waker_that_is_replaced_is_dropped_without_the_lock() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let _time = Time::stop(rec);
        let alarm = Alarm::new(HOUR);
        let first = drops_another_task(rec, &alarm, "because a poll brought another one");
        let mut wait = Task::new(rec, alarm.wait());
        pending(rec, wait.poll(&first), STANDS);
        pending(rec, wait.poll(&rec.waker("B")), STANDS);
        must_be_gone(rec, &first, "a poll brought another one");
    });
}

#[test]
fn the_waker_of_a_wait_that_is_dropped_is_dropped_without_the_lock() {
    grade_race!(WAKE_UNDER_LOCK, |rec| {
        let _time = Time::stop(rec);
        let alarm = Alarm::new(HOUR);
        let first = drops_another_task(rec, &alarm, "with its wait");
        let mut wait = Task::new(rec, alarm.wait());
        pending(rec, wait.poll(&first), STANDS);
        drop(wait);
        must_be_gone(rec, &first, "its wait was dropped");
    });
}

/// The rule that a waker which is not needed any more is let go.
fn must_be_gone(rec: &Recorder, waker: &RecordedWaker, because: &str) {
    let (clones, name) = (waker.clones_alive(), waker.name());
    if clones > 0 {
        rec.fail(
            "keeps-task-alive",
            format!("{clones} clones of waker {name} are kept although {because}"),
        );
    }
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
