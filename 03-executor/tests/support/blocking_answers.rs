//! A closure's result meets its task just when that is polled.

#![allow(unreachable_pub)]

use std::sync::{Arc, Mutex, mpsc};

use course::{Race, Recorder, Task};

use crate::{
    DONE, NO_ANSWER, WAITS,
    awaited::{fail, must, must_come, value},
    calm::{self, Wait},
    pool,
    rules::{lock, pending, ready},
};

/// The wake polls the task at once, on another thread.
pub fn a_poll_in_the_wake(rec: &Recorder) {
    let pool = pool(1);
    let (release, gate) = mpsc::channel::<()>();
    let future = pool.spawn(move || gate.recv().is_err());
    let task = Arc::new(Mutex::new(Task::new(rec, future)));
    let executor = Arc::new(rec.waker("B"));
    let (race, polled) = (Race::new(), Arc::new(Mutex::new(None)));
    let rival = {
        let (task, executor, polled) = (task.clone(), executor.clone(), polled.clone());
        race.once(move || {
            let waits = lock(&task).poll(&executor).is_pending();
            *lock(&polled) = Some(waits);
        })
    };
    let first = rec.hostile_waker("A").on_wake(rival).build();
    pending(rec, lock(&task).poll(&first), WAITS);
    rec.note("the closure returns");
    drop(release);
    must_come(rec, || race.was_forced(), NO_ANSWER);
    let _ = calm::until(|| lock(&polled).is_some());
    race.finish();
    // The wake has returned when the thread takes the next closure.
    value(rec, pool.spawn(|| ()), NO_ANSWER);
    if *lock(&polled) == Some(true) && rec.wakes("B") == 0 {
        let seen = "the task was polled within the wake, and found no result; after that nobody woke it again";
        fail(rec, "wake-before-flag", seen);
    }
    if race.was_blocked() {
        rec.advise(
            "wakes-under-lock",
            "a poll from within the wake had to wait until the wake was over",
        );
    }
}

/// The closure returns in the middle of a poll, while the waker is cloned. `before`: the wakers of earlier polls.
pub fn in_the_middle_of_a_poll(rec: &Recorder, before: &[&'static str]) {
    let pool = pool(1);
    let (release, gate) = mpsc::channel::<()>();
    let mut task = Task::new(rec, pool.spawn(move || gate.recv().is_err()));
    for name in before {
        pending(rec, task.poll(&rec.waker(name)), WAITS);
    }
    let race = Race::new();
    let rival = {
        let (rec, pool) = (rec.clone(), Arc::clone(&pool));
        race.once(move || {
            rec.note("the closure returns, while the waker is cloned");
            drop(release);
            // The only thread takes this when it has done with the closure before.
            let (tell, told) = mpsc::channel();
            drop(pool.spawn(move || tell.send(())));
            let _ = told.recv();
        })
    };
    let latest = rec.hostile_waker("B").on_clone(rival).build();
    let woken = rec.wakes("B");
    let waits = task.poll(&latest).is_pending();
    race.finish();
    if waits && race.was_forced() {
        let heard = calm::until(|| rec.wakes("B") > woken) == Wait::Came;
        let seen = "the result came in the middle of the poll with waker B; the poll answered Pending, \
                    and nobody woke B";
        must(rec, heard, ("check-then-register", seen));
        drop(ready(rec, task.poll(&latest), DONE));
    }
}
