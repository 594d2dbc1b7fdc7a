//! The ways in which a pool comes to its end: what is in a poll is finished, and all else is cancelled.

#![allow(unreachable_pub)]

use std::{
    sync::{Arc, Mutex, mpsc},
    task::Poll,
};

use course::Recorder;

use crate::{
    awaited::{fail, must, must_come, must_give, output},
    calm::{self, Wait},
    pool_scene::{
        NOT_RUN, Pool, SpawnsWhenDropped, must_be_cancelled, must_be_dropped, must_end,
        must_have_ended,
    },
    probe::Probe,
    rules,
    workers::Workers,
};

/// During a poll, with so many other tasks in the queue.
pub fn during_a_poll(rec: &Recorder, queued: usize) {
    let workers = Workers::new();
    let pool = Pool::of(rec, workers.pool(1));
    let (release, gate) = mpsc::channel::<()>();
    let running = Probe::new(rec, "running");
    let run = pool.spawn(running.future(move |_, _| {
        let _ = gate.recv();
        Poll::Ready(7)
    }));
    must_come(rec, || running.polls() > 0, NOT_RUN);
    let waiting: Vec<_> = (0..queued).map(|_| Probe::new(rec, "queued")).collect();
    let spawn = |probe: &Probe| pool.spawn(probe.ready_at(1, ()));
    let handles: Vec<_> = waiting.iter().map(spawn).collect();

    let ending = pool.ending();
    let waits = calm::until(|| ending.is_finished()) != Wait::Came;
    let seen = "dropping the pool did not wait for the poll that was running";
    must(rec, waits, ("threads-left", seen));
    drop(release);
    must_end(rec, &ending);
    must_have_ended(rec, &workers);
    must_give(rec, run, 7, NOT_RUN);
    for (probe, handle) in waiting.iter().zip(handles) {
        must_be_dropped(rec, probe);
        must_be_cancelled(rec, handle, "a task that was queued");
    }
}

/// With tasks whose wakers are nowhere, in the task itself, and with the world.
pub fn with_tasks_that_wait(rec: &Recorder) {
    let pool = Pool::new(rec, 2);
    let forgotten = Probe::new(rec, "forgotten");
    let never = pool.spawn(forgotten.future(|_, _| Poll::<()>::Pending));
    let selfish = Probe::new(rec, "selfish");
    let mut own = Vec::new();
    let cycle = pool.spawn(selfish.future(move |_, cx| {
        // The task owns a waker that owns the task.
        own.push(cx.waker().clone());
        Poll::<()>::Pending
    }));
    let awaited = Probe::new(rec, "awaited");
    let outside = pool.spawn(awaited.ready_at(usize::MAX, ()));
    for probe in [&forgotten, &selfish, &awaited] {
        must_come(rec, || probe.polls() > 0, NOT_RUN);
    }
    pool.end();
    for (probe, handle) in [(&forgotten, never), (&selfish, cycle), (&awaited, outside)] {
        must_be_dropped(rec, probe);
        must_be_cancelled(rec, handle, "a task that waits");
    }
    // Too late: nothing happens.
    awaited.wake();
    awaited.forget_waker();
    let _ = calm::until(|| false);
    let seen = "a task was woken after the pool was gone, and polled";
    must(rec, awaited.polls() == 1, ("works-on", seen));
}

/// During a poll after which its task waits, or is ready again.
pub fn during_a_poll_that_ends_with_pending(rec: &Recorder, wakes_itself: bool) {
    let pool = Pool::new(rec, 1);
    let (release, gate) = mpsc::channel::<()>();
    let task = Probe::new(rec, "task");
    let handle = pool.spawn(task.future(move |probe, cx| {
        probe.keep_waker(cx);
        if wakes_itself {
            cx.waker().wake_by_ref();
        }
        let _ = gate.recv();
        Poll::<()>::Pending
    }));
    must_come(rec, || task.waker().is_some(), NOT_RUN);
    let ending = pool.ending();
    let _ = calm::until(|| ending.is_finished());
    drop(release);
    must_end(rec, &ending);
    must_be_dropped(rec, &task);
    let which = "a task whose poll ended while the pool was being dropped";
    must_be_cancelled(rec, handle, which);
    task.forget_waker();
}

/// With tasks that wake and spawn others when they are dropped. `queued`: one of them is in the queue.
pub fn with_tasks_that_lead_back_into_the_pool(rec: &Recorder, queued: bool) {
    let pool = Pool::new(rec, 1);
    let handle = pool.handle();
    let (release, gate) = mpsc::channel::<()>();
    let spawns = SpawnsWhenDropped(handle.clone());
    let busy = Probe::new(rec, "busy");
    let first = Probe::new(rec, "first");
    let first_handle = pool.spawn(first.future(move |_, _| Poll::<()>::Pending));
    // Dropping `first` wakes `second`, and dropping `second` spawns: both lead back into the pool.
    let second = pool.spawn(async move {
        let _spawns = spawns;
        first_handle.await.is_err()
    });
    must_come(rec, || first.polls() > 0, NOT_RUN);
    pool.run_another();
    let mut in_the_queue = None;
    if queued {
        drop(pool.spawn(busy.future(move |_, _| {
            let _ = gate.recv();
            Poll::Ready(())
        })));
        must_come(rec, || busy.polls() > 0, NOT_RUN);
        let spawns = SpawnsWhenDropped(handle.clone());
        in_the_queue = Some(pool.spawn(async move { drop(spawns) }));
    }
    let ending = pool.ending();
    if queued {
        let _ = calm::until(|| ending.is_finished());
    }
    drop(release);
    let seen = "dropping the pool does not return. A task was dropped with it, whose own drop wakes \
                and spawns other tasks of the pool: drop tasks, as wakers, when the lock is released";
    must_come(rec, || ending.is_finished(), ("drops-under-lock", seen));
    must_be_dropped(rec, &first);
    must_be_cancelled(rec, second, "a task that waits for another one");
    if let Some(handle) = in_the_queue {
        must_be_cancelled(rec, handle, "a task that was queued");
    }
}

/// By one of its tasks.
pub fn by_a_task_of_its_own(rec: &Recorder, threads: usize) {
    let workers = Workers::new();
    let pool = workers.pool(threads);
    let handle = pool.handle();
    let waits = Probe::new(rec, "waits");
    let never = pool.spawn(waits.future(|_, _| Poll::<()>::Pending));
    must_come(rec, || waits.polls() > 0, NOT_RUN);
    let own = Arc::new(Mutex::new(Some(pool)));
    let task = handle.spawn(async move {
        let pool = rules::lock(&own).take();
        drop(pool);
        7
    });
    let seen = "a task dropped its own pool, and every thread sleeps: a worker waits for its own end, or \
                for another one that nobody has told";
    match output(rec, task, ("endless-shutdown", seen)) {
        Ok(value) => must(rec, value == 7, ("wrong-value", "another value came back")),
        Err(error) => {
            let seen = format!("a task dropped its own pool, and its handle gives: {error}");
            fail(rec, "endless-shutdown", seen)
        }
    }
    must_be_cancelled(rec, never, "a task that waits");
    must_be_dropped(rec, &waits);
    must_have_ended(rec, &workers);
}
