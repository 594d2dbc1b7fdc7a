//! The grader of `atomic_waker`: first on the types of std, step by step; then on those of loom, in
//! every order of the steps.

mod support;

#[path = "support/loom_sync.rs"]
mod sync;

/// The layer's `crate::lock`, for a module that uses it.
#[allow(dead_code)]
mod lock {
    use crate::sync::{Mutex, MutexGuard, PoisonError};

    pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// The graded file once more, as a module of this program: here its `crate::sync` is loom's.
#[cfg_attr(feature = "my-atomic-waker", path = "../exercises/atomic_waker.rs")]
#[cfg_attr(not(feature = "my-atomic-waker"), path = "../src/atomic_waker.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod atomic_waker;

#[path = "support/model.rs"]
mod model;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/waker_model.rs"]
mod waker_model;

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Poll, Waker},
};

use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race};
use loom::thread::{self, JoinHandle};
use model::explore;
use paths_from_std::paths_from_std;
use support::{pending, ready};
use waker_model::{Flag, Scene};
use waker_timer::AtomicWaker;

const ATOMIC_WAKER: Exercise = course::exercise!(
    "atomic_waker",
    stage = "02-waker-timer",
    feature = "my-atomic-waker"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-atomic-waker")]
const SOURCE: &str = include_str!("../exercises/atomic_waker.rs");
#[cfg(not(feature = "my-atomic-waker"))]
const SOURCE: &str = include_str!("../src/atomic_waker.rs");

/// An event and the place of the task that waits for it.
#[derive(Clone, Default)]
struct Event {
    slot: Arc<AtomicWaker>,
    happened: Arc<AtomicBool>,
}

impl Event {
    /// The task's side: register, and look after that.
    fn task(&self, rec: &Recorder) -> Task<impl Future<Output = ()> + use<>> {
        let event = self.clone();
        Task::new(
            rec,
            poll_fn(move |cx| {
                event.slot.register(cx.waker());
                match event.happened.load(SeqCst) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            }),
        )
    }

    /// The source's side: make it visible, and wake after that.
    fn happen(&self, rec: &Recorder) {
        rec.note("the event happens");
        self.happened.store(true, SeqCst);
        self.slot.wake();
    }
}

#[test]
fn wakes_the_task_that_has_registered() {
    grade!(ATOMIC_WAKER, |rec| {
        let event = Event::default();
        let mut task = event.task(rec);
        let waker = rec.waker("A");
        pending(rec, task.poll(&waker), "nothing has happened");
        rec.must_be_quiet();
        event.happen(rec);
        rec.must_wake("A", "`wake` was called");
        ready(rec, task.poll(&waker), "the event has happened");
    });
}

#[test]
fn wakes_the_waker_that_came_last() {
    grade!(ATOMIC_WAKER, lesson, |rec| {
        let event = Event::default();
        let mut task = event.task(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, task.poll(&a), "nothing has happened");
        pending(rec, task.poll(&b), "nothing has happened");
        rec.must_be_quiet();
        event.happen(rec);
        rec.must_wake("B", "`wake` was called");
        ready(rec, task.poll(&b), "the event has happened");
    });
}

/// Polls, and again if the waker was woken meanwhile, as an executor does: a slot may remember a wake
/// that found nobody, and wake the next who registers.
fn poll_until_it_rests(
    rec: &Recorder,
    task: &mut Task<impl Future<Output = ()>>,
    waker: &RecordedWaker,
) {
    for _ in 0..3 {
        let wakes = rec.wakes(waker.name());
        pending(rec, task.poll(waker), "nothing has happened");
        if rec.wakes(waker.name()) == wakes {
            return;
        }
    }
    rec.fail(
        "busy-wake",
        "whoever registers is woken at once, again and again",
    );
}

#[test]
fn serves_one_wake_after_another() {
    grade!(ATOMIC_WAKER, |rec| {
        let event = Event::default();
        let mut task = event.task(rec);
        let waker = rec.waker("A");
        rec.note("a wake for nobody");
        event.slot.wake();
        for _ in 0..3 {
            poll_until_it_rests(rec, &mut task, &waker);
            rec.note("a wake without an event");
            event.slot.wake();
            rec.must_wake("A", "`wake` was called");
        }
    });
}

#[test]
fn gives_its_waker_away() {
    grade!(ATOMIC_WAKER, |rec| {
        let slot = AtomicWaker::new();
        let waker = rec.waker("A");
        if slot.take().is_some() {
            rec.fail("wrong-value", "`take` found a waker in a new slot");
        }
        slot.register(waker.as_waker());
        let Some(taken) = slot.take() else {
            rec.fail(
                "lost-wakeup",
                "`take` did not find the waker that was registered",
            );
        };
        if slot.take().is_some() {
            rec.fail("wrong-value", "`take` gave the same waker a second time");
        }
        taken.wake();
        slot.register(waker.as_waker());
        slot.wake();
        if waker.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "the slot has woken its waker, and still holds a clone of it",
            );
        }
    });
}

#[test]
fn drops_the_wakers_that_it_does_not_need() {
    grade!(ATOMIC_WAKER, |rec| {
        let slot = AtomicWaker::new();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        slot.register(a.as_waker());
        slot.register(b.as_waker());
        if a.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "waker B has taken A's place, and a clone of A is still there",
            );
        }
        drop(slot);
        if b.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "the slot is dropped, and a clone of its waker is still there",
            );
        }
    });
}

#[test]
fn is_free_while_it_wakes() {
    grade_race!(ATOMIC_WAKER, |rec| {
        let slot = Arc::new(AtomicWaker::new());
        let (race, came_back) = (Race::new(), Arc::new(AtomicBool::new(false)));
        let rival = {
            let (slot, came_back) = (Arc::clone(&slot), Arc::clone(&came_back));
            race.once(move || {
                slot.register(Waker::noop());
                came_back.store(true, SeqCst);
            })
        };
        let blocked = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&blocked);
        let waker = rec
            .hostile_waker("A")
            .on_wake(move || {
                rival();
                seen.store(!came_back.load(SeqCst), SeqCst);
            })
            .build();
        slot.register(waker.as_waker());
        slot.wake();
        race.finish();
        if rec.wakes("A") == 0 {
            rec.fail(
                "lost-wakeup",
                "waker A was registered, and `wake` did not wake it",
            );
        }
        if blocked.load(SeqCst) {
            rec.advise(
                "wakes-under-lock",
                "while `wake` was waking, another thread could not register",
            );
        }
    });
}

/// What of std threads share, or wait with: the model sees these only through `crate::sync`.
fn goes_around_the_model(path: &str) -> bool {
    const MODULES: [&str; 5] = ["sync", "sync::atomic", "cell", "thread", "hint"];
    const HARMLESS: [&str; 7] = [
        "Arc",
        "Weak",
        "Ordering",
        "LockResult",
        "PoisonError",
        "TryLockError",
        "black_box",
    ];
    let Some(module) = MODULES.iter().rfind(|module| path.starts_with(**module)) else {
        return false;
    };
    let name = path[module.len()..].trim_start_matches("::");
    !HARMLESS.contains(&name.split("::").next().unwrap_or_default())
}

#[test]
fn reaches_other_threads_through_sync_alone() {
    grade_race!(ATOMIC_WAKER, |rec| {
        let paths = paths_from_std(SOURCE);
        if let Some(path) = paths.iter().find(|path| goes_around_the_model(path)) {
            rec.fail_reading(
                "register-against-wake",
                "bypassed-seam",
                format!("the file uses `std::{path}`, where the model sees only `crate::sync`"),
            );
        }
        let schedules = explore(rec, 2, |_schedule| {
            let slot = Arc::new(atomic_waker::AtomicWaker::new());
            let theirs = Arc::clone(&slot);
            let task = thread::spawn(move || theirs.register(Waker::noop()));
            slot.wake();
            end(task);
        });
        if schedules == 1 {
            rec.fail_reading(
                "register-against-wake",
                "bypassed-seam",
                "the model found one single order for `register` on one thread and `wake` on another: \
                 the two share nothing that comes from `crate::sync`",
            );
        }
    });
}

#[test]
fn register_and_wake_may_meet_in_any_order() {
    grade_race!(ATOMIC_WAKER, |rec| {
        explore(rec, 2, |schedule| {
            let scene = Scene::new(schedule, Flag::locked, &["the event"], &["A"]);
            let task = scene.begin(Scene::run_task);
            scene.happen(0, |slot| slot.wake());
            scene.must_not_sleep(&end(task));
        });
    });
}

#[test]
fn a_second_wake_may_follow_at_once() {
    grade_race!(ATOMIC_WAKER, |rec| {
        explore(rec, 2, |schedule| {
            let scene = Scene::new(
                schedule,
                Flag::locked,
                &["one event", "another event"],
                &["A"],
            );
            let task = scene.begin(Scene::run_task);
            scene.happen(0, |slot| slot.wake());
            scene.happen(1, |slot| slot.wake());
            scene.must_not_sleep(&end(task));
        });
    });
}

#[test]
fn the_task_may_move_while_it_is_woken() {
    grade_race!(ATOMIC_WAKER, |rec| {
        explore(rec, 2, |schedule| {
            let scene = Scene::new(schedule, Flag::locked, &["the event"], &["A", "B"]);
            let task = scene.begin(Scene::run_task);
            scene.happen(0, |slot| slot.wake());
            scene.must_not_sleep(&end(task));
        });
    });
}

/// One task and two sources, of which one takes the waker out before it wakes.
fn two_sources(rec: &Recorder, flag: fn() -> Flag) {
    explore(rec, 3, move |schedule| {
        let scene = Scene::new(schedule, flag, &["one event", "another event"], &["A"]);
        let task = scene.begin(Scene::run_task);
        // The first thread only waits, so that any of the three may begin.
        let one = scene.begin(|scene| scene.happen(0, |slot| slot.wake()));
        let other = scene.begin(|scene| {
            scene.happen(1, |slot| {
                if let Some(waker) = slot.take() {
                    waker.wake();
                }
            });
        });
        end(one);
        end(other);
        scene.must_not_sleep(&end(task));
    });
}

#[test]
fn two_threads_may_wake_at_once() {
    grade_race!(ATOMIC_WAKER, |rec| two_sources(rec, Flag::locked));
}

#[test]
fn whoever_registers_after_a_wake_sees_what_was_before_it() {
    grade_race!(ATOMIC_WAKER, |rec| {
        explore(rec, 2, |schedule| {
            let scene = Scene::new(schedule, Flag::relaxed, &["the event"], &["A"]);
            let task = scene.begin(Scene::run_task);
            scene.happen(0, |slot| slot.wake());
            scene.must_not_sleep(&end(task));
        });
    });
}

#[test]
fn whoever_registers_after_two_wakes_sees_what_was_before_both() {
    grade_race!(ATOMIC_WAKER, |rec| two_sources(rec, Flag::relaxed));
}

#[test]
fn two_tasks_may_register_at_once() {
    grade_race!(ATOMIC_WAKER, |rec| {
        explore(rec, 3, |_schedule| {
            let slot = Arc::new(atomic_waker::AtomicWaker::new());
            let tasks = [(); 2].map(|()| {
                let slot = Arc::clone(&slot);
                thread::spawn(move || slot.register(Waker::noop()))
            });
            slot.wake();
            tasks.into_iter().for_each(end);
        });
    });
}

fn end<T>(thread: JoinHandle<T>) -> T {
    thread.join().expect("a panic ends the whole model")
}
