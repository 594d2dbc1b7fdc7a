//! The grader of `full_queue`: more tasks than any queue with a bound has room for.

#[path = "support/calls.rs"]
mod calls;
#[path = "support/calm.rs"]
mod calm;
#[path = "support/probe.rs"]
mod probe;
#[path = "support/rules.rs"]
mod rules;
// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod blocked;
    pub mod script;
    pub mod watched;
}

// The file under test is a module of this program: what is public there is used here alone.
#[allow(unreachable_pub)]
#[cfg_attr(feature = "my-full-queue", path = "../exercises/full_queue.rs")]
#[cfg_attr(
    not(feature = "my-full-queue"),
    path = "../../tests/solutions/03-executor/full_queue/reference.rs"
)]
mod full_queue;

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc::Sender,
    },
    task::{Poll, Waker},
};

use calls::{Calls, must_come_back};
use course::{Exercise, Recorder, grade, grade_race};
use full_queue::{Spawner, new_executor_and_spawner};
use probe::Probe;
use rules::lock;
use support::blocked::Blocked;

const FULL_QUEUE: Exercise = course::exercise!(
    "full_queue",
    stage = "03-executor",
    feature = "my-full-queue"
);

/// More than the queue of the skeleton holds, and one with more room too.
const MANY: usize = 20_000;

/// A thread that spawns tasks, drops the spawner, and runs them.
fn running(
    rec: &Recorder,
    spawn: impl FnOnce(Spawner, &Sender<&'static str>) + Send + 'static,
) -> Blocked<()> {
    Blocked::start(rec, move |tell| {
        let (executor, spawner) = new_executor_and_spawner();
        spawn(spawner, &tell);
        drop(tell);
        executor.run();
    })
}

const NEVER_ENDS: (&str, &str) = (
    "never-ends",
    "the tasks are done and no spawner is left, and `run` does not return",
);

#[test]
fn runs_a_task_until_it_is_done() {
    grade!(FULL_QUEUE, lesson, |rec| {
        let task = Probe::new(rec, "task");
        let spawned = task.clone();
        let may_end = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&may_end);
        let thread = running(rec, move |spawner, _| {
            spawner.spawn(spawned.future(move |probe, cx| {
                if ends.load(SeqCst) {
                    return Poll::Ready(());
                }
                probe.keep_waker(cx);
                Poll::Pending
            }));
        })
        .sleeps();
        rec.note("the task is woken, and can finish");
        may_end.store(true, SeqCst);
        task.wake();
        // This executor runs as long as there is a waker: it would be a way into the queue.
        task.forget_waker();
        thread.returns(NEVER_ENDS);
        if !task.is_dropped() || task.polls() < 2 {
            rec.fail(
                "lost-wakeup",
                "the task was woken, and it was not polled again",
            );
        }
    });
}

#[test]
fn keeps_a_wake_that_comes_in_the_poll() {
    grade_race!(FULL_QUEUE, |rec| {
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polls);
        let world = Arc::new(Mutex::new(None::<Waker>));
        let held = Arc::clone(&world);
        let thread = running(rec, move |spawner, tell| {
            let tell = tell.clone();
            spawner.spawn(poll_fn(move |cx| {
                // The task is not lost without its wake: the world has a waker too.
                *lock(&held) = Some(cx.waker().clone());
                let _ = tell.send("task");
                if counted.fetch_add(1, SeqCst) == 0 {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(())
            }));
        });
        let _ = thread.tells_certainly();
        if polls.load(SeqCst) < 2 {
            rec.fail(
                "lost-in-poll",
                "a task woke itself in its poll and answered Pending, and it was not polled again",
            );
        }
        drop(lock(&world).take());
        thread.returns(NEVER_ENDS);
    });
}

#[test]
fn takes_any_number_of_tasks_before_it_runs() {
    grade_race!(FULL_QUEUE, |rec| {
        let waits = format!(
            "{MANY} tasks are spawned before the executor runs, on its own thread: `spawn` waits for room in the \
             queue, and `run`, which would make some, is never reached"
        );
        let (calls, done) = (Calls::default(), Arc::new(AtomicUsize::new(0)));
        let (spawns, theirs) = (calls.clone(), Arc::clone(&done));
        let stuck = || (NEVER_ENDS.0, NEVER_ENDS.1.to_owned());
        must_come_back(rec, &calls, &waits, stuck, move || {
            let (executor, spawner) = new_executor_and_spawner();
            for _ in 0..MANY {
                let done = Arc::clone(&theirs);
                let task = async move {
                    done.fetch_add(1, SeqCst);
                };
                spawns.make(|| spawner.spawn(task));
            }
            drop(spawner);
            executor.run();
        });
        let done = done.load(SeqCst);
        if done < MANY {
            rec.fail(
                "never-polled",
                format!(
                    "{MANY} tasks were spawned, `run` has returned, and {done} of them are done"
                ),
            );
        }
    });
}

/// Tasks that wait until they may end, and what the world knows of them.
#[derive(Clone, Default)]
struct Crowd {
    wakers: Arc<Mutex<Vec<Waker>>>,
    polls: Arc<AtomicUsize>,
    may_end: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    calls: Calls,
}

impl Crowd {
    /// Spawns them one by one, with room for each: one that is spawned has been polled before the next.
    async fn spawn(&self, spawner: &Spawner) {
        for _ in 0..MANY {
            let crowd = self.clone();
            let mut known = false;
            let task = poll_fn(move |cx| {
                crowd.polls.fetch_add(1, SeqCst);
                if crowd.may_end.load(SeqCst) {
                    crowd.done.fetch_add(1, SeqCst);
                    return Poll::Ready(());
                }
                if !std::mem::replace(&mut known, true) {
                    lock(&crowd.wakers).push(cx.waker().clone());
                }
                Poll::Pending
            });
            self.calls.make(|| spawner.spawn(task));
            self.let_the_others_run().await;
        }
    }

    /// Wakes them all, each several times.
    fn wake(&self, times: usize) {
        for waker in &*lock(&self.wakers) {
            for _ in 0..times {
                self.calls.make(|| waker.wake_by_ref());
            }
        }
    }

    async fn let_the_others_run(&self) {
        let mut yielded = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut yielded, true) {
                return Poll::Ready(());
            }
            self.calls.make(|| cx.waker().wake_by_ref());
            Poll::Pending
        })
        .await;
    }

    /// Lets them end.
    fn end(&self) {
        self.may_end.store(true, SeqCst);
        self.wake(1);
        let wakers = std::mem::take(&mut *lock(&self.wakers));
        drop(wakers);
    }

    /// What to say of an executor that sleeps, and has not come to its end.
    fn missed(&self) -> (&'static str, String) {
        let waiting = MANY - self.done.load(SeqCst);
        if !self.may_end.load(SeqCst) {
            let seen =
                "a task woke itself in its poll and answered Pending, and it was not polled again";
            ("lost-in-poll", seen.into())
        } else if waiting == 0 {
            (NEVER_ENDS.0, NEVER_ENDS.1.into())
        } else {
            let seen = format!(
                "a task woke {MANY} others in its poll; {waiting} of them were not polled after that"
            );
            ("lost-wakeup", seen)
        }
    }
}

/// Runs a crowd and a task that does `work` with it, in one poll or in several.
fn run_a_crowd<W>(rec: &Recorder, work: impl FnOnce(Crowd) -> W + Send + 'static) -> Crowd
where
    W: Future<Output = ()> + Send + 'static,
{
    let waits = format!(
        "a task wakes {MANY} others in its poll, and then itself, and one of these wakes does not return. If it \
         waits for room in the queue: nobody will make some, because the executor's thread is the one that waits"
    );
    let crowd = Crowd::default();
    let theirs = crowd.clone();
    let stuck = || crowd.missed();
    must_come_back(rec, &crowd.calls, &waits, stuck, move || {
        let (executor, spawner) = new_executor_and_spawner();
        let inner = spawner.clone();
        spawner.spawn(async move {
            theirs.spawn(&inner).await;
            work(theirs).await;
        });
        drop(spawner);
        executor.run();
    });
    if crowd.done.load(SeqCst) < MANY {
        let (code, seen) = crowd.missed();
        rec.fail(code, seen);
    }
    crowd
}

#[test]
fn a_task_may_wake_any_number_of_others() {
    grade_race!(FULL_QUEUE, |rec| {
        run_a_crowd(rec, |crowd| async move { crowd.end() });
    });
}

#[test]
fn a_task_that_is_woken_often_has_one_place() {
    grade_race!(FULL_QUEUE, |rec| {
        let crowd = run_a_crowd(rec, |crowd| async move {
            crowd.wake(3);
            crowd.let_the_others_run().await;
            crowd.end();
        });
        let more = crowd.polls.load(SeqCst) - 2 * MANY;
        if more > MANY {
            rec.advise(
                "queued-twice",
                format!("{MANY} tasks were woken 3 times each before they were polled, and that made {more} polls"),
            );
        }
    });
}
