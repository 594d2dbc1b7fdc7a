//! The grader of `task`: a future, its place in the queue, and every order in which they can meet.

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's.
#[path = "support/desk.rs"]
mod desk;
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/probe.rs"]
mod probe;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;
#[cfg_attr(feature = "my-task", path = "../exercises/task.rs")]
#[cfg_attr(not(feature = "my-task"), path = "../src/task.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
mod task;

use std::{
    collections::VecDeque,
    fmt::Debug,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
};

use course::{Exercise, Race, Recorder, grade, grade_race};
use desk::Desk;
#[allow(unused_imports, reason = "for the graded file")]
use executor::*;
use executor::{JoinError, JoinHandle};
use paths_from_std::advise_locks_of_the_course;
use probe::Probe;
use rules::lock;
use task::Runnable;

const TASK: Exercise = course::exercise!("task", stage = "03-executor", feature = "my-task");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-task")]
const SOURCE: &str = include_str!("../exercises/task.rs");
#[cfg(not(feature = "my-task"))]
const SOURCE: &str = include_str!("../src/task.rs");

/// What the tasks here give.
const OUTPUT: u32 = 7;

/// A task on the grader's desk, from its spawn on.
struct Scene<T> {
    rec: Recorder,
    probe: Probe,
    desk: Desk,
    handle: Option<Handle<T>>,
}

/// A handle that a second thread can reach too.
type Handle<T> = Arc<Mutex<JoinHandle<T>>>;

impl<T: Send + Debug + 'static> Scene<T> {
    /// Spawns a task, and gives its first `Runnable`, which lies nowhere.
    fn spawn<F>(rec: &Recorder, make: impl FnOnce(&Probe) -> F) -> (Runnable, Self)
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (probe, desk) = (Probe::new(rec, "task"), Desk::new(rec));
        rec.note("spawn");
        let (runnable, handle) = task::spawn(make(&probe), desk.schedule());
        let scene = Scene {
            rec: rec.clone(),
            probe,
            desk,
            handle: Some(Arc::new(Mutex::new(handle))),
        };
        (runnable, scene)
    }

    /// Spawns a task, and puts it where all its `Runnable`s go.
    fn queued<F>(rec: &Recorder, make: impl FnOnce(&Probe) -> F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (runnable, scene) = Scene::spawn(rec, make);
        scene.desk.put(runnable);
        scene
    }

    /// Runs the task, which has to be queued because `reason`.
    fn run(&self, reason: &str) -> Poll<()> {
        self.desk.must_be_queued(reason);
        let polls = self.probe.polls();
        let run = catch_unwind(AssertUnwindSafe(|| self.desk.run()));
        match run {
            Ok(Some(poll)) => poll,
            Ok(None) => unreachable!("it was queued a moment ago"),
            Err(panic) if self.probe.polls() > polls || self.probe.is_dropped() => {
                drop(panic);
                self.rec.fail(
                    "escaped-panic",
                    "the future panicked, and the panic came out of `run`",
                )
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Runs the task, which is not over after that.
    fn run_pending(&self, reason: &str) {
        let polls = self.probe.polls();
        let over = self.run(reason).is_ready();
        if self.probe.polls() == polls {
            self.rec.fail(
                "woken-not-polled",
                format!("`run` returned, and the future was not polled, although {reason}"),
            );
        }
        if over {
            self.rec.fail(
                "ends-early",
                "the poll answered Pending, and `run` said that the task is over",
            );
        }
    }

    /// Runs the task, which is over after that.
    fn run_ready(&self, reason: &str) {
        if self.run(reason).is_pending() {
            self.rec.fail(
                "never-ready",
                "the task is over, and `run` said that it is not: whoever counts the tasks waits for this one",
            );
        }
    }

    /// The rule that the future is gone because `reason`.
    ///
    /// Fails with `keeps-future`.
    fn must_be_dropped(&self, reason: &str) {
        if !self.probe.is_dropped() {
            self.rec.fail(
                "keeps-future",
                format!("{reason}, and the future has not been dropped"),
            );
        }
    }

    /// Polls the handle, with waker H.
    fn poll_handle(&self) -> Poll<Result<T, JoinError>> {
        let mut handle = lock(self.handle.as_ref().expect("nobody has dropped it"));
        let waker = self.rec.waker("H");
        let mut cx = Context::from_waker(waker.as_waker());
        let describe = |poll: &Poll<_>| match poll {
            Poll::Ready(result) => Some(format!("{result:?}")),
            Poll::Pending => None,
        };
        let poll = || Pin::new(&mut *handle).poll(&mut cx);
        self.rec.poll_named("handle", "H", poll, describe)
    }

    /// What the handle has to say when the task is over because `reason`.
    ///
    /// Fails with `silent-end`.
    fn result(&self, reason: &str) -> Result<T, JoinError> {
        match self.poll_handle() {
            Poll::Ready(result) => result,
            Poll::Pending => self.rec.fail(
                "silent-end",
                format!("{reason}, and the handle still answers Pending"),
            ),
        }
    }

    /// The rule that the task ended as cancelled.
    fn must_be_cancelled(&self, reason: &str) {
        self.must_be_dropped(reason);
        let result = self.result(reason);
        if !matches!(result, Err(JoinError::Cancelled)) {
            self.rec.fail(
                "wrong-value",
                format!(
                    "{reason}, and the handle gives {result:?}: this is `Err(JoinError::Cancelled)`"
                ),
            );
        }
    }

    /// Asks for the task's end, through the handle.
    fn abort(&self) {
        self.rec.note("abort");
        lock(self.handle.as_ref().expect("nobody has dropped it")).abort();
    }
}

impl Scene<u32> {
    /// The rule that the task ended with its output.
    fn must_give_its_output(&self, code: &str) {
        let result = self.result("the future answered Ready");
        if !matches!(result, Ok(OUTPUT)) {
            self.rec.fail(
                code,
                format!("the future answered Ready({OUTPUT}), and the handle gives {result:?}"),
            );
        }
    }
}

#[test]
fn polls_nothing_until_it_is_run() {
    grade!(TASK, |rec| {
        let (runnable, scene) = Scene::spawn(rec, |probe| probe.ready_at(2, OUTPUT));
        if scene.probe.polls() > 0 {
            rec.fail("eager", "`spawn` has polled the future");
        }
        scene
            .desk
            .must_be_empty("the first `Runnable` was just given to the caller of `spawn`");
        scene.desk.put(runnable);
        scene.run_pending("it was spawned");
        scene.desk.must_be_empty("nobody has woken the task");
    });
}

#[test]
fn gives_its_output_to_the_handle() {
    grade!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| probe.ready_at(1, OUTPUT));
        rules::pending(rec, scene.poll_handle(), "the task has not been run");
        scene.run_ready("it was spawned");
        if rec.wakes("H") == 0 {
            rec.fail(
                "silent-end",
                "the task is over, and whoever waits for its handle was not woken",
            );
        }
        scene.must_give_its_output("wrong-value");
    });
}

#[test]
fn is_queued_by_a_wake() {
    grade!(TASK, lesson, |rec| {
        let scene = Scene::queued(rec, |probe| probe.ready_at(3, OUTPUT));
        scene.run_pending("it was spawned");
        scene.desk.must_be_empty("nobody has woken the task");
        rec.note("wake");
        scene.probe.wake();
        scene.run_pending("the task was woken");
        scene.desk.must_be_empty("nobody has woken the task again");
        rec.note("wake");
        scene.probe.wake();
        scene.run_ready("the task was woken");
        scene.must_give_its_output("wrong-value");
    });
}

#[test]
fn is_queued_once_however_often_it_is_woken() {
    grade!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| probe.ready_at(3, OUTPUT));
        scene.run_pending("it was spawned");
        rec.note("wake, wake, wake");
        for _ in 0..3 {
            scene.probe.wake();
        }
        scene.run_pending("the task was woken");
        scene
            .desk
            .must_be_empty("the one run was for all the wakes before it");
        rec.note("wake");
        scene.probe.wake();
        scene.run_ready("the task was woken");
        scene.must_give_its_output("wrong-value");
    });
}

#[test]
fn counts_as_queued_from_its_spawn_on() {
    grade!(TASK, |rec| {
        let (runnable, scene) = Scene::spawn(rec, |probe| probe.ready_at(3, OUTPUT));
        let waker = runnable.waker();
        rec.note("wake before the first run");
        waker.wake_by_ref();
        if scene.desk.scheduled() > 0 {
            rec.fail(
                "queued-twice",
                "the first `Runnable` waits to be run, and a wake made a second one",
            );
        }
        scene.desk.put(runnable);
        scene.run_pending("it was spawned");
        scene
            .desk
            .must_be_empty("the first run was for the wake before it");
        rec.note("wake");
        waker.wake();
        scene.run_pending("it was woken by the waker of its first `Runnable`");
        rec.note("wake");
        scene.probe.wake();
        scene.run_ready("the task was woken");
    });
}

#[test]
fn keeps_a_wake_that_comes_during_the_poll() {
    grade_race!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| {
            probe.future(move |probe, cx| {
                if probe.polls() == 1 {
                    cx.waker().wake_by_ref();
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(OUTPUT)
            })
        });
        scene.run_pending("it was spawned");
        if scene.desk.len() == 0 {
            rec.fail(
                "lost-in-poll",
                "the task was woken during its poll, the poll answered Pending, and nothing is queued",
            );
        }
        scene.run_ready("the task was woken during its poll");
        scene.must_give_its_output("wrong-value");
    });
}

#[test]
fn is_never_polled_after_it_is_over() {
    grade_race!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| {
            probe.future(move |probe, cx| {
                probe.keep_waker(cx);
                for _ in 0..3 {
                    cx.waker().wake_by_ref();
                }
                Poll::Ready(OUTPUT)
            })
        });
        scene.run_ready("it was spawned");
        // Whether a wake in the last poll is queued is free. What is queued may be run, or dropped.
        for late in 0..4 {
            scene.probe.wake();
            let Some(runnable) = scene.desk.take() else {
                continue;
            };
            if late % 2 == 1 {
                drop(runnable);
                continue;
            }
            if runnable.run().is_pending() {
                rec.fail(
                    "never-ready",
                    "a late wake queued a task that is over, and `run` said that it is not over",
                );
            }
        }
        scene.must_give_its_output("result-replaced");
    });
}

#[test]
fn drops_its_future_as_soon_as_it_is_over() {
    grade!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| probe.ready_at(1, OUTPUT));
        scene.run_ready("it was spawned");
        // The world holds a waker, and the handle is there too: neither may keep the future.
        scene.must_be_dropped("the future answered Ready, `run` has returned");
    });
}

#[test]
fn a_panic_goes_to_the_handle_and_nowhere_else() {
    grade!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| {
            probe.future(move |probe, cx| -> Poll<u32> {
                probe.keep_waker(cx);
                std::panic::panic_any("the payload");
            })
        });
        scene.run_ready("it was spawned");
        scene.must_be_dropped("the future panicked, `run` has returned");
        scene.probe.wake();
        if let Some(late) = scene.desk.take() {
            let _ = late.run();
        }
        match scene.result("the future panicked") {
            Err(JoinError::Panicked(payload))
                if payload.downcast_ref::<&str>() == Some(&"the payload") => {}
            other => rec.fail(
                "wrong-value",
                format!("the future panicked with \"the payload\", and the handle gives {other:?}"),
            ),
        }
    });
}

#[test]
fn an_aborted_task_ends_when_it_is_run() {
    grade!(TASK, |rec| {
        rec.note("abort before the first run");
        let scene = Scene::queued(rec, |probe| probe.ready_at(1, OUTPUT));
        scene.abort();
        must_not_be_dropped_by_abort(rec, &scene.probe);
        scene.run_ready("it was spawned");
        must_not_be_polled(rec, &scene.probe, 0);
        scene.must_be_cancelled("the task was aborted and run");

        rec.note("abort while it waits");
        let scene = Scene::queued(rec, |probe| probe.ready_at(2, OUTPUT));
        scene.run_pending("it was spawned");
        scene.abort();
        must_not_be_dropped_by_abort(rec, &scene.probe);
        if scene.desk.len() == 0 {
            rec.fail(
                "ignored-abort",
                "the task waits for a wake, was aborted, and nothing is queued: it waits on",
            );
        }
        scene.run_ready("the task was aborted");
        must_not_be_polled(rec, &scene.probe, 1);
        scene.must_be_cancelled("the task was aborted and run");
    });
}

fn must_not_be_dropped_by_abort(rec: &Recorder, probe: &Probe) {
    if probe.is_dropped() {
        rec.fail(
            "dropped-by-abort",
            "`abort` itself has dropped the future, on the thread that called it",
        );
    }
}

fn must_not_be_polled(rec: &Recorder, probe: &Probe, before: usize) {
    if probe.polls() > before {
        rec.fail(
            "ignored-abort",
            "the task was aborted, and its future was polled after that",
        );
    }
}

#[test]
fn an_abort_during_the_poll_takes_effect_after_it() {
    grade_race!(TASK, |rec| {
        let own = Arc::new(Mutex::new(None::<Handle<u32>>));
        let in_poll = Arc::clone(&own);
        let scene = Scene::queued(rec, |probe| {
            probe.future(move |probe, cx| -> Poll<u32> {
                probe.keep_waker(cx);
                if let Some(handle) = lock(&in_poll).take() {
                    lock(&handle).abort();
                }
                Poll::Pending
            })
        });
        *lock(&own) = scene.handle.clone();
        rec.note("it will be aborted during its poll");
        // Over at once, or in one more run: both are right.
        if scene.run("it was spawned").is_pending() && scene.desk.run() != Some(Poll::Ready(())) {
            rec.fail(
                "ignored-abort",
                "the task was aborted during its poll, the poll answered Pending, and the task goes on",
            );
        }
        must_not_be_polled(rec, &scene.probe, 1);
        scene.must_be_cancelled("the task was aborted during its poll");
    });
}

#[test]
fn an_abort_comes_too_late_for_a_task_that_is_over() {
    grade!(TASK, |rec| {
        let scene = Scene::queued(rec, |probe| probe.ready_at(1, OUTPUT));
        scene.run_ready("it was spawned");
        scene.abort();
        if let Some(late) = scene.desk.take() {
            let _ = late.run();
        }
        scene.must_give_its_output("result-replaced");
    });
}

#[test]
fn a_runnable_that_is_dropped_cancels_its_task() {
    grade!(TASK, |rec| {
        rec.note("dropped before the first run");
        let (runnable, scene) = Scene::spawn(rec, |probe| probe.ready_at(1, OUTPUT));
        drop(runnable);
        scene.must_be_cancelled("its `Runnable` was dropped");

        rec.note("dropped after a wake");
        let scene = Scene::queued(rec, |probe| probe.ready_at(9, OUTPUT));
        scene.run_pending("it was spawned");
        scene.probe.wake();
        scene.desk.must_be_queued("the task was woken");
        drop(scene.desk.take());
        scene.must_be_cancelled("its `Runnable` was dropped");
        scene.probe.wake();
        if let Some(late) = scene.desk.take() {
            let _ = late.run();
        }
    });
}

#[test]
fn a_future_that_keeps_its_own_waker_is_dropped_all_the_same() {
    grade!(TASK, |rec| {
        for way in ["aborted", "dropped with its `Runnable`"] {
            rec.note(format!("{way}:"));
            let mut own = Vec::new();
            let mut scene = Scene::queued(rec, |probe| {
                probe.future(move |probe, cx| -> Poll<u32> {
                    probe.keep_waker(cx);
                    own.push(cx.waker().clone());
                    Poll::Pending
                })
            });
            scene.run_pending("it was spawned");
            if way == "aborted" {
                scene.abort();
                let _ = scene.desk.run();
            } else {
                scene.probe.wake();
                drop(scene.desk.take());
            }
            scene.must_be_cancelled(&format!("the task was {way}"));
            scene.probe.forget_waker();
            drop(scene.handle.take());
            must_be_freed(rec, &scene.desk, &format!("The task was {way}"));
        }
    });
}

/// The rule that nothing of the task is left when nobody has a hold on it.
///
/// Fails with `leaked-reference`.
fn must_be_freed(rec: &Recorder, desk: &Desk, what: &str) {
    if desk.tasks_alive() > 0 {
        rec.fail(
            "leaked-reference",
            format!("{what}; nobody has a waker, a `Runnable` or a handle of it any more, and it is not freed"),
        );
    }
}

#[test]
fn leaves_nothing_behind() {
    grade!(TASK, |rec| {
        rec.note("a task that is done");
        let mut scene = Scene::queued(rec, |probe| probe.ready_at(2, OUTPUT));
        scene.run_pending("it was spawned");
        scene.probe.wake();
        scene.run_ready("the task was woken");
        scene.probe.wake();
        drop(scene.desk.take());
        scene.probe.forget_waker();
        drop(scene.handle.take());
        must_be_freed(rec, &scene.desk, "The task is done");

        rec.note("a task that nobody can wake any more");
        let mut scene = Scene::queued(rec, |probe| probe.ready_at(9, OUTPUT));
        scene.run_pending("it was spawned");
        drop(scene.handle.take());
        scene.probe.forget_waker();
        must_be_freed(rec, &scene.desk, "The task waits, and nobody can wake it");
        scene.must_be_dropped("nobody has a hold on the task");
    });
}

#[test]
fn goes_on_without_its_handle() {
    grade!(TASK, |rec| {
        let mut scene = Scene::queued(rec, |probe| probe.ready_at(2, OUTPUT));
        rec.note("the handle is dropped");
        drop(scene.handle.take());
        scene.run_pending("it was spawned");
        scene.probe.wake();
        scene.run_ready("the task was woken");
        scene.must_be_dropped("the future answered Ready, `run` has returned");
    });
}

#[test]
fn a_panic_in_the_futures_drop_does_no_more_harm_than_one_in_its_poll() {
    /// Panics when it is dropped.
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !thread::panicking() {
                std::panic::panic_any("dropped");
            }
        }
    }
    grade_race!(TASK, |rec| {
        for cancelled in [false, true] {
            rec.note(if cancelled {
                "a task that is aborted"
            } else {
                "a task that is done"
            });
            let bomb = Bomb;
            let scene = Scene::queued(rec, |probe| {
                probe.future(move |_, _| {
                    let _ = &bomb;
                    Poll::Ready(OUTPUT)
                })
            });
            if cancelled {
                scene.abort();
            }
            scene.run_ready("it was spawned");
            let _ = scene.result("the future panicked in its drop, `run` has returned");
        }
    });
}

/// The second worker of a race: takes what is queued and runs it, once.
fn second_worker(desk: &Desk) -> impl FnOnce() + Send + use<> {
    let desk = desk.clone();
    move || {
        let _ = desk.run();
    }
}

#[test]
fn two_workers_do_not_poll_it_at_once() {
    grade_race!(TASK, |rec| {
        let (race, desk) = (Race::new(), Desk::new(rec));
        let probe = Probe::new(rec, "task");
        let second = race.once(second_worker(&desk));
        let future = probe.future(move |probe, cx| {
            if probe.polls() == 1 {
                // Woken here, the task may be queued at once. Another worker is quick to take it.
                cx.waker().wake_by_ref();
                second();
                return Poll::Pending;
            }
            Poll::Ready(OUTPUT)
        });
        let (runnable, handle) = task::spawn(future, desk.schedule());
        desk.put(runnable);
        let _ = desk.run();
        race.finish();
        // If it was queued after the poll, nobody has taken it yet.
        let _ = desk.run();
        if probe.polls() < 2 {
            rec.fail(
                "lost-in-poll",
                "the task was woken during its poll; a second worker came to run it before that poll had \
                 ended; and after the poll nobody polled it again",
            );
        }
        if !handle.is_finished() {
            rec.fail(
                "silent-end",
                "the future answered Ready, and the handle has no result",
            );
        }
    });
}

#[test]
fn a_runnable_may_be_dropped_during_the_poll() {
    grade_race!(TASK, |rec| {
        // An executor that is going down drops what is scheduled, on the spot.
        let race = Race::certain();
        let drops = race.clone();
        let probe = Probe::new(rec, "task");
        let noted = rec.clone();
        let schedule = move |runnable: Runnable| {
            noted.note("it is scheduled, and its Runnable is dropped");
            // On a thread of its own: one that never returns can be seen.
            drops.run(move || drop(runnable));
        };
        let future = probe.future(move |_, cx| -> Poll<u32> {
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        let (runnable, handle) = task::spawn(future, schedule);
        rec.note("run");
        let _ = runnable.run();
        race.finish();
        if race.was_blocked() {
            rec.fail(
                "polls-under-lock",
                "the task woke itself in its poll; the executor, which is going down, dropped the new \
                 `Runnable` within `schedule`; and that drop waited until the poll was over. On one thread it \
                 would wait for itself",
            );
        }
        let scene = Scene {
            rec: rec.clone(),
            probe,
            desk: Desk::new(rec),
            handle: Some(Arc::new(Mutex::new(handle))),
        };
        scene.must_be_cancelled("its `Runnable` was dropped during the poll, and the poll is over");
    });
}

/// Lets `event` happen at each step of the task's first run, one after the other, each time for another
/// task, and judges what has become of it when nothing is queued any more.
fn at_each_step(
    rec: &Recorder,
    what: &'static str,
    event: impl Fn(&Waker, &Handle<u32>) + Send + Copy + 'static,
    judge: impl Fn(&Scene<u32>),
) {
    for skip in 0.. {
        let (race, came) = (Race::new(), Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&came);
        let (runnable, scene) = Scene::spawn(rec, |probe| {
            probe.future(move |_, _| match seen.load(SeqCst) {
                true => Poll::Ready(OUTPUT),
                false => Poll::Pending,
            })
        });
        let waker = runnable.waker();
        let (noted, handle) = (rec.clone(), scene.handle.clone());
        let rival = race.once(move || {
            noted.note(what);
            came.store(true, SeqCst);
            event(&waker, &handle.expect("it was just spawned"));
        });
        rec.note("run");
        steps::ambush(skip, rival);
        let _ = runnable.run();
        steps::call_off();
        race.finish();
        if !race.was_forced() {
            return;
        }
        while let Some(Poll::Pending) = scene.desk.run() {}
        judge(&scene);
    }
}

#[test]
fn a_wake_between_any_two_steps_of_a_run_is_kept() {
    grade_race!(TASK, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        at_each_step(
            rec,
            "wake, on another thread",
            |waker, _| waker.wake_by_ref(),
            |scene| {
                if !scene.probe.is_dropped() {
                    rec.fail(
                        "lost-in-poll",
                        "the task was woken while `run` was at work and held no lock; the poll had not seen \
                         what it was woken for, and the task was not queued for another one",
                    );
                }
            },
        );
    });
}

#[test]
fn an_abort_between_any_two_steps_of_a_run_is_kept() {
    grade_race!(TASK, |rec| {
        at_each_step(
            rec,
            "abort, on another thread",
            |_, handle| lock(handle).abort(),
            |scene| {
                if !scene.probe.is_dropped() {
                    rec.fail(
                        "ignored-abort",
                        "the task was aborted while `run` was at work and held no lock; after that it was \
                         neither ended nor queued",
                    );
                }
                let _ = scene.result("the task was aborted or is done");
            },
        );
    });
}

/// How often each thread wakes the task, and how many threads do.
const WAKES: usize = 300;
const WAKERS: usize = 3;

#[test]
fn serves_two_workers_and_wakes_from_many_threads() {
    grade_race!(TASK, |rec| {
        let (events, queue) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(Mutex::new(VecDeque::new())),
        );
        let (seen, scheduled) = (Arc::clone(&events), Arc::clone(&queue));
        let probe = Probe::new(rec, "task");
        let future = probe.future(move |_, _| match seen.load(SeqCst) {
            all if all == WAKES * WAKERS => Poll::Ready(OUTPUT),
            _ => Poll::Pending,
        });
        let (runnable, handle) = task::spawn(future, move |runnable: Runnable| {
            lock(&scheduled).push_back(runnable);
        });
        let waker = runnable.waker();
        lock(&queue).push_back(runnable);
        thread::scope(|scope| {
            let wakers: Vec<_> = (0..WAKERS)
                .map(|_| scope.spawn(|| wake_often(&waker, &events)))
                .collect();
            for _ in 0..2 {
                scope.spawn(|| {
                    while events.load(SeqCst) < WAKES * WAKERS {
                        run_what_is_there(&queue);
                    }
                });
            }
            for waker in wakers {
                let _ = waker.join();
            }
        });
        run_what_is_there(&queue);
        if !handle.is_finished() {
            rec.fail(
                "lost-wakeup",
                format!(
                    "{WAKERS} threads have woken the task {WAKES} times each, all that was queued was run, and \
                     the last wake led to no poll"
                ),
            );
        }
    });
}

fn wake_often(waker: &Waker, events: &AtomicUsize) {
    for _ in 0..WAKES {
        events.fetch_add(1, SeqCst);
        waker.wake_by_ref();
    }
}

/// Takes one after the other, and runs it when the queue is free again.
fn run_what_is_there(queue: &Mutex<VecDeque<Runnable>>) {
    loop {
        let next = lock(queue).pop_front();
        let Some(runnable) = next else { return };
        let _ = runnable.run();
    }
}
