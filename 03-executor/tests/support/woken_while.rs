//! A wake from another thread, at any step of the executor's own.
//!
//! Here the graded file is a module of this program, and its locks are steps.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Poll, Wake, Waker},
};

use course::{Race, Recorder};

use crate::{
    probe::Probe,
    run::{Executor, new_executor_and_spawner},
    steps,
    support::blocked::Blocked,
    turns::PLENTY,
};

/// What has happened before the turn in which the wake comes.
#[derive(Clone, Copy)]
pub(crate) enum Before {
    /// The task has been polled, and nothing is ready.
    Idle,
    /// The task has just been spawned.
    New,
}

/// Counts its wakes, and records nothing: it is woken on any thread.
#[derive(Default)]
pub(crate) struct Unparked(AtomicUsize);

impl Unparked {
    /// How often it was woken since [`forget`](Self::forget).
    pub(crate) fn wakes(&self) -> usize {
        self.0.load(SeqCst)
    }

    pub(crate) fn forget(&self) {
        self.0.store(0, SeqCst);
    }
}

impl Wake for Unparked {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// One task, and the wake that comes for it.
struct Scene {
    rec: Recorder,
    race: Race,
    task: Probe,
    /// What the task waits for: set just before the wake.
    came: Arc<AtomicBool>,
    /// Whether the latest poll has found it.
    seen: Arc<AtomicBool>,
}

impl Scene {
    fn new(rec: &Recorder) -> Self {
        Scene {
            rec: rec.clone(),
            race: Race::new(),
            task: Probe::new(rec, "task"),
            came: Arc::default(),
            seen: Arc::default(),
        }
    }

    /// A future that is over when it finds what it waits for, or goes on all the same.
    fn future(&self, ends: bool) -> impl Future<Output = ()> + Send + use<> {
        let (came, seen) = (Arc::clone(&self.came), Arc::clone(&self.seen));
        self.task.future(move |probe, cx| {
            probe.keep_waker(cx);
            let found = came.load(SeqCst);
            seen.store(found, SeqCst);
            match found && ends {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
    }

    /// The wake, to be sent into an ambush.
    fn rival(&self) -> impl FnOnce() + Send + use<> {
        let (rec, task, came) = (self.rec.clone(), self.task.clone(), Arc::clone(&self.came));
        let hook = self.race.once(move || {
            rec.note("wake, on another thread");
            came.store(true, SeqCst);
            task.wake();
        });
        move || hook()
    }
}

/// Lets the wake come at a step of `turn`, `has_ready` or `is_done`, after `skip` others. Tells whether there
/// was such a step.
///
/// Fails with `lost-before-sleep`.
pub(crate) fn a_turn(rec: &Recorder, before: Before, skip: usize) -> bool {
    let (scene, unparked) = (Scene::new(rec), Arc::new(Unparked::default()));
    let (mut executor, spawner) = Executor::new(Waker::from(Arc::clone(&unparked)));
    let _handle = spawner.spawn(scene.future(false));
    if let Before::Idle = before {
        executor.turn(PLENTY);
    }
    unparked.forget();
    rec.note("turn, has_ready, is_done");
    steps::ambush(skip, scene.rival());
    executor.turn(PLENTY);
    let heard = executor.has_ready();
    let _ = executor.is_done();
    steps::call_off();
    scene.race.finish();
    let heard = heard || unparked.wakes() > 0 || scene.seen.load(SeqCst);
    // A new task may have been woken before it was polled: there was no waker then.
    if scene.race.was_forced() && scene.task.polls() > 0 && !heard {
        let queued = if executor.has_ready() {
            ", with a ready task in the queue"
        } else {
            ""
        };
        rec.fail(
            "lost-before-sleep",
            format!(
                "a task was woken while `turn` or `has_ready` was at work and held no lock; `has_ready` said that \
                 nothing is ready, and `unpark` was not woken: the thread goes to sleep{queued}"
            ),
        );
    }
    scene.race.was_forced()
}

/// Lets the wake of the only task come at a step of `run`, after `skip` others. Tells whether there was such
/// a step.
///
/// Fails with `lost-before-sleep` or `never-ends`.
pub(crate) fn it_runs(rec: &Recorder, skip: usize) -> bool {
    let scene = Scene::new(rec);
    let (future, rival) = (scene.future(true), scene.rival());
    rec.note("run");
    let thread = Blocked::start(rec, move |_tell| {
        let (mut executor, spawner) = new_executor_and_spawner();
        drop(spawner.spawn(future));
        drop(spawner);
        steps::ambush(skip, rival);
        executor.run();
        steps::call_off();
    });
    let mut ended = thread.ends_or_sleeps();
    if !ended && scene.race.was_forced() {
        // On a busy machine it can be seen asleep because the other thread has not begun yet.
        scene.race.finish();
        ended = thread.ends_or_sleeps();
    }
    if scene.race.was_forced() && !ended && !scene.seen.load(SeqCst) {
        rec.fail(
            "lost-before-sleep",
            "the one task was woken while `run` was at work and held no lock, and `run` sleeps on, with that \
             task in the queue",
        );
    }
    if !ended {
        // It was asleep before it came to that step.
        scene.came.store(true, SeqCst);
        scene.task.wake();
    }
    thread.returns(crate::NEVER_ENDS);
    scene.race.finish();
    scene.race.was_forced()
}
