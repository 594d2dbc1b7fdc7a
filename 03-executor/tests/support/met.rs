//! Two calls that meet: of two threads that bring work, or of a spawn and a turn.
//!
//! Here the graded file is a module of this program, and its locks are steps.

use std::{
    panic,
    sync::{Arc, mpsc},
    task::{Poll, Waker},
    thread,
};

use course::{Race, Recorder};

use crate::{
    probe::Probe,
    run::{Executor, Spawner},
    steps,
    turns::PLENTY,
    woken_while::Unparked,
};

/// How a thread brings work.
#[derive(Clone, Copy)]
pub(crate) enum Brings {
    Wake,
    Spawn,
}

impl Brings {
    /// A task that waits and will be woken, or one that will be spawned.
    fn prepare(
        self,
        rec: &Recorder,
        name: &'static str,
        spawner: &Spawner,
    ) -> impl FnOnce() + Send + 'static + use<> {
        let (task, spawner) = (Probe::new(rec, name), spawner.clone());
        let future = task.future(|probe, cx| {
            probe.keep_waker(cx);
            Poll::<()>::Pending
        });
        let to_be_spawned = match self {
            Brings::Spawn => Some(future),
            Brings::Wake => {
                drop(spawner.spawn(future));
                None
            }
        };
        let rec = rec.clone();
        move || match to_be_spawned {
            Some(future) => {
                rec.note(format!("spawn `{name}`"));
                drop(spawner.spawn(future));
            }
            None => {
                rec.note(format!("wake `{name}`"));
                task.wake();
            }
        }
    }
}

/// Lets a second thread bring work to an executor that sleeps, at a step of the first one's call, after `skip`
/// others. Tells whether there was such a step.
///
/// Fails with `left-to-the-other`.
pub(crate) fn two_bring_work(rec: &Recorder, [first, second]: [Brings; 2], skip: usize) -> bool {
    let unparked = Arc::new(Unparked::default());
    let (mut executor, spawner) = Executor::new(Waker::from(Arc::clone(&unparked)));
    let first = first.prepare(rec, "first", &spawner);
    let second = second.prepare(rec, "second", &spawner);
    executor.turn(PLENTY);
    // From this answer on its thread may be asleep.
    let _ = executor.has_ready();
    unparked.forget();
    let race = Race::new();
    steps::ambush(skip, race.once(second));
    first();
    steps::call_off();
    race.finish();
    if race.was_forced() && unparked.wakes() == 0 {
        rec.fail(
            "left-to-the-other",
            "two threads brought a task each while the executor's thread may be asleep, the second one when the first \
             had let go of the lock: two tasks are ready, and `unpark` was not woken",
        );
    }
    race.was_forced()
}

/// Lets a turn come at a step of `spawn`, after `skip` others. Tells whether there was such a step.
///
/// Fails with `never-ends`.
pub(crate) fn a_turn_in_a_spawn(rec: &Recorder, skip: usize) -> bool {
    let (mut executor, spawner) = Executor::new(Waker::noop().clone());
    let (task, race) = (Probe::new(rec, "task"), Race::certain());
    let (future, (come, comes), (go, goes)) =
        (task.ready_at(1, ()), mpsc::channel(), mpsc::channel());
    // An executor need not be Send: the turn is made on this thread, and the spawn waits for it on another.
    let rival = race.once(move || {
        let _ = come.send(());
        let _ = goes.recv();
    });
    let spawns = thread::spawn(move || {
        steps::ambush(skip, rival);
        drop(spawner.spawn(future));
        steps::call_off();
    });
    let mut polled_in_between = false;
    if comes.recv().is_ok() {
        rec.note("a turn, in the middle of the spawn");
        executor.turn(PLENTY);
        polled_in_between = task.polls() > 0;
        let _ = go.send(());
    }
    if let Err(panic) = spawns.join() {
        panic::resume_unwind(panic);
    }
    race.finish();
    executor.turn(PLENTY);
    if polled_in_between && !executor.is_done() {
        rec.fail(
            "never-ends",
            "a turn came in the middle of a `spawn`, found the new task in the queue and polled it to its end; then \
             `spawn` went on. No spawner is left, and `is_done` says false: a task that is over still counts as alive. \
             It has to be counted before it can be found",
        );
    }
    race.was_forced()
}
