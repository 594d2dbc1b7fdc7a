//! The grader of `local_executor`: futures that are not `Send`, on an executor whose tasks are.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod blocked;
    pub mod local_hand;
    pub mod script;
    pub mod stay;
    pub mod watched;
}

use std::{cell::Cell, rc::Rc, sync::mpsc, thread};

use course::{Exercise, Recorder, Task, grade, grade_race};
use executor::{Executor, JoinError, LocalExecutor, LocalJoinHandle, spawn_local};
use support::{
    blocked::{Blocked, Mistake, must_be_the_answer},
    local_hand::{
        Hand, must_be_an_error, must_be_cancelled, must_be_dropped, must_have_polled, must_let_in,
    },
    script::Script,
    stay::Stay,
};

const LOCAL_EXECUTOR: Exercise = course::exercise!(
    "local_executor",
    stage = "03-executor",
    feature = "my-local-executor"
);

const WOKEN: Mistake = (
    "lost-wakeup",
    "a task of this thread was woken, and the thread sleeps on",
);

#[test]
fn polls_nothing_when_it_spawns() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, stay) = (Hand::new(rec), Stay::new(rec, "task"));
        stay.can_finish();
        let mut handle = hand.spawn(&stay);
        if stay.polls() > 0 {
            rec.fail("eager", "`spawn_local` has polled the future itself");
        }
        rec.note("the executor runs");
        hand.turn();
        must_have_polled(rec, &stay, 1, "the executor has run");
        hand.must_finish(&mut handle, &stay);
    });
}

#[test]
fn runs_a_future_that_is_not_send() {
    grade_race!(LOCAL_EXECUTOR, |rec| {
        let blocked = Blocked::start(rec, |_tell| {
            let mut executor = LocalExecutor::new();
            let count = Rc::new(Cell::new(41));
            let theirs = Rc::clone(&count);
            let task = executor.spawn_local(async move {
                theirs.set(theirs.get() + 1);
                theirs
            });
            let output = executor.run_until(task);
            output.map(|output| output.get()).unwrap_or_default()
        });
        must_be_the_answer(
            rec,
            blocked.returns((
                "silent-end",
                "the task of a future that is ready at once was spawned and awaited, and the thread sleeps",
            )),
        );
    });
}

#[test]
fn keeps_several_futures_apart() {
    grade!(LOCAL_EXECUTOR, lesson, |rec| {
        let (mut hand, names) = (Hand::new(rec), ["one", "two", "three"]);
        let stays = names.map(|name| Stay::new(rec, name));
        let mut handles = stays.each_ref().map(|stay| hand.spawn(stay));
        hand.turn();
        let mut finished = Vec::new();
        for this in [1, 0, 2] {
            stays[this].finish();
            hand.must_be_ready(&stays[this]);
            hand.turn();
            finished.push(this);
            for (other, stay) in stays.iter().enumerate() {
                let polls = 1 + usize::from(finished.contains(&other));
                let why = format!("`{}` was woken", names[this]);
                must_have_polled(rec, stay, polls, &why);
            }
            hand.must_finish(&mut handles[this], &stays[this]);
        }
    });
}

#[test]
fn says_when_a_task_is_finished() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, stay) = (Hand::new(rec), Stay::new(rec, "task"));
        let handle = spawn_local(&hand.spawner, stay.future());
        let says = |handle: &LocalJoinHandle<_>, is: bool, when: &str| {
            if handle.is_finished() != is {
                rec.fail(
                    "silent-end",
                    format!("{when}, and `is_finished` says {}", !is),
                );
            }
        };
        says(&handle, false, "the task has not begun");
        hand.turn();
        says(&handle, false, "the task waits");
        stay.finish();
        hand.turn();
        says(&handle, true, "the task is finished");
        let mut handle = Task::named(rec, "handle", handle);
        hand.must_finish(&mut handle, &stay);
    });
}

#[test]
fn a_wake_from_another_thread_arrives_and_only_wakes() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, stay) = (Hand::new(rec), Stay::new(rec, "task"));
        let mut handle = hand.spawn(&stay);
        hand.turn();
        for polls in 1..4 {
            let waker = stay.waker();
            rec.note("another thread wakes");
            thread::spawn(move || waker.wake())
                .join()
                .expect("a wake does not panic");
            must_have_polled(rec, &stay, polls, "the executor has not run since the wake");
            hand.must_be_ready(&stay);
            hand.turn();
            must_have_polled(rec, &stay, polls + 1, "another thread has woken the task");
        }
        stay.finish();
        hand.turn();
        hand.must_finish(&mut handle, &stay);
    });
}

#[test]
fn a_task_goes_on_without_its_handle() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, stay) = (Hand::new(rec), Stay::new(rec, "task"));
        drop(hand.spawn(&stay));
        hand.turn();
        if stay.is_dropped() {
            rec.fail(
                "cancelled-by-drop",
                "the handle was dropped, and with it the task's future",
            );
        }
        must_have_polled(
            rec,
            &stay,
            1,
            "the handle was dropped before the executor ran",
        );
        stay.finish();
        hand.turn();
        must_have_polled(rec, &stay, 2, "the task was woken");
        must_be_dropped(rec, &stay, "the task is finished");
    });
}

#[test]
fn a_future_may_spawn_another_one() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, inner) = (Hand::new(rec), Stay::new(rec, "inner"));
        inner.can_finish();
        let (spawner, theirs, recorder) = (hand.spawner.clone(), inner.clone(), rec.clone());
        let outer = Stay::new(rec, "outer").in_poll(move || {
            must_let_in(&recorder, "its poll", || {
                drop(spawn_local(&spawner, theirs.future()))
            });
        });
        let mut handle = hand.spawn(&outer);
        hand.turn();
        must_have_polled(rec, &inner, 1, "a future has spawned another in its poll");
        outer.finish();
        hand.turn();
        hand.must_finish(&mut handle, &outer);
    });
}

#[test]
fn a_future_may_spawn_another_one_when_it_is_dropped() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let mut hand = Hand::new(rec);
        let inners = ["after its end", "after its abort"].map(|name| Stay::new(rec, name));
        for (inner, aborted) in inners.iter().zip([false, true]) {
            inner.can_finish();
            let (spawner, theirs, recorder) = (hand.spawner.clone(), inner.clone(), rec.clone());
            let outer = Stay::new(rec, "outer").in_drop(move || {
                must_let_in(&recorder, "its drop", || {
                    drop(spawn_local(&spawner, theirs.future()))
                });
            });
            let handle = spawn_local(&hand.spawner, outer.future());
            hand.turn();
            if aborted {
                handle.abort();
            } else {
                outer.finish();
            }
            hand.turn();
            let over = if aborted {
                "the task was aborted"
            } else {
                "the task is finished"
            };
            must_be_dropped(rec, &outer, over);
            must_have_polled(rec, inner, 1, "a future has spawned another in its drop");
        }
    });
}

#[test]
fn a_panic_arrives_and_takes_nobody_along() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let mut hand = Hand::new(rec);
        let panics = Stay::new(rec, "panics").in_poll(|| panic!("thrown in a poll"));
        let other = Stay::new(rec, "other");
        let (mut panicked, mut handle) = (hand.spawn(&panics), hand.spawn(&other));
        hand.turn();
        let result = hand.result(&mut panicked, "the task has panicked");
        let payload = result.err().and_then(JoinError::into_panic);
        if payload.is_none_or(|payload| payload.downcast_ref() != Some(&"thrown in a poll")) {
            rec.fail(
                "swallowed-panic",
                "a future panicked, and its handle does not give the panic's payload",
            );
        }
        must_be_dropped(rec, &panics, "the task has panicked");
        let third = Stay::new(rec, "third");
        let mut later = hand.spawn(&third);
        hand.turn();
        other.finish();
        third.finish();
        hand.turn();
        hand.must_finish(&mut handle, &other);
        hand.must_finish(&mut later, &third);
    });
}

#[test]
fn an_abort_drops_the_future_and_says_so() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let mut hand = Hand::new(rec);
        let (stay, other) = (Stay::new(rec, "task"), Stay::new(rec, "other"));
        let handle = spawn_local(&hand.spawner, stay.future());
        let mut others = hand.spawn(&other);
        hand.turn();
        rec.note("task is aborted");
        handle.abort();
        hand.turn();
        must_have_polled(rec, &stay, 1, "the task was aborted after its first poll");
        must_be_dropped(rec, &stay, "the task was aborted");
        let mut handle = Task::named(rec, "handle", handle);
        must_be_cancelled(rec, hand.result(&mut handle, "the task was aborted"));
        // Its waker is still there.
        stay.waker().wake();
        hand.turn();
        other.finish();
        hand.turn();
        hand.must_finish(&mut others, &other);
    });
}

#[test]
fn a_future_that_is_done_is_dropped_at_once() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (mut hand, stay) = (Hand::new(rec), Stay::new(rec, "task"));
        let mut handle = hand.spawn(&stay);
        hand.turn();
        // Somebody keeps a waker, and nobody has asked the handle.
        let _waker = stay.waker();
        stay.finish();
        hand.turn();
        must_be_dropped(rec, &stay, "the task is finished");
        let next = Stay::new(rec, "next");
        let mut nexts = hand.spawn(&next);
        hand.turn();
        // The late wake of a task whose place may have been taken.
        stay.waker().wake();
        hand.turn();
        must_have_polled(rec, &next, 1, "a task that was over was woken late");
        next.finish();
        hand.turn();
        hand.must_finish(&mut nexts, &next);
        hand.must_finish(&mut handle, &stay);
    });
}

#[test]
fn the_executor_takes_its_futures_along() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let mut executor = LocalExecutor::new();
        let (waits, unpolled) = (Stay::new(rec, "waits"), Stay::new(rec, "unpolled"));
        let handle = executor.spawn_local(waits.future());
        executor.run_until(std::future::ready(()));
        // One turn at least: that a task is polled beside a future that is ready at once is not promised.
        executor.run_until(executor::yield_now());
        let queued = executor.spawn_local(unpolled.future());
        rec.note("the executor is dropped");
        drop(executor);
        for (stay, handle) in [(waits, handle), (unpolled, queued)] {
            must_be_dropped(rec, &stay, "the executor was dropped");
            let mut handle = Task::named(rec, stay.name(), handle);
            let hand = Hand::new(rec);
            must_be_cancelled(rec, hand.result(&mut handle, "its executor was dropped"));
        }
    });
}

#[test]
fn never_polls_on_another_thread() {
    grade_race!(LOCAL_EXECUTOR, |rec| {
        let (hand, here) = (Hand::new(rec), Stay::new(rec, "here"));
        let handle = spawn_local(&hand.spawner, here.future());
        let (executor, recorder) = (hand.executor, rec.clone());
        rec.note("the executor moves to another thread, which has a future of its own");
        let thread = thread::spawn(move || runs_elsewhere(&recorder, executor));
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
        must_have_polled(rec, &here, 0, "the executor ran on another thread");
        must_be_an_error(rec, handle, "its task has run on another thread");
    });
}

/// Runs an executor beside one that belongs to this thread.
fn runs_elsewhere(rec: &Recorder, mut executor: Executor) {
    let (mut own, there) = (Hand::new(rec), Stay::new(rec, "there"));
    let _handle = own.spawn(&there);
    own.turn();
    executor.turn(10);
    if there.polls() != 1 {
        rec.fail(
            "wrong-thread",
            "the task of a future on one thread ran on another, and there it polled a future of that thread's \
             instead",
        );
    }
}

#[test]
fn sleeps_until_a_task_or_the_main_future_is_woken() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (main, task) = (Script::new(rec, "main"), Script::new(rec, "task"));
        let (their_main, their_task) = (main.clone(), task.clone());
        let blocked = Blocked::start(rec, move |tell| {
            let mut executor = LocalExecutor::new();
            drop(executor.spawn_local(their_task.future(&tell)));
            executor.run_until(their_main.future(&tell))
        });
        let first = (
            "never-polled",
            "the thread sleeps, and has not polled everybody once",
        );
        let blocked = blocked
            .polls(&main, 1, first)
            .polls(&task, 1, first)
            .sleeps();
        task.wake_for_nothing();
        let blocked = blocked.polls(&task, 2, WOKEN).sleeps();
        task.finish();
        let blocked = blocked.polls(&task, 3, WOKEN).sleeps();
        main.finish();
        must_be_the_answer(rec, blocked.returns(WOKEN));
    });
}

#[test]
fn run_ends_when_all_tasks_are_done() {
    grade!(LOCAL_EXECUTOR, |rec| {
        let (task, (give, given)) = (Script::new(rec, "task"), mpsc::channel());
        let theirs = task.clone();
        let blocked = Blocked::start(rec, move |tell| {
            let executor = LocalExecutor::new();
            give.send(executor.spawner())
                .expect("the test waits for it");
            drop(executor.spawn_local(theirs.future(&tell)));
            executor.run();
        });
        let spawner = given.recv().expect("it is sent at once");
        let blocked = blocked.sleeps();
        rec.note("another thread spawns");
        let sent = Script::new(rec, "sent");
        let (theirs, (tell, _told)) = (sent.clone(), mpsc::channel());
        drop(spawner.spawn(theirs.future(&tell)));
        drop(spawner);
        let blocked = blocked
            .polls(
                &sent,
                1,
                (
                    "lost-wakeup",
                    "a task was spawned by another thread, and the executor sleeps",
                ),
            )
            .sleeps();
        sent.finish();
        let blocked = blocked.polls(&sent, 2, WOKEN).sleeps();
        task.finish();
        blocked.returns((
            "never-ends",
            "every task is done, no spawner is left, and `run` does not return",
        ));
    });
}

/// How often each task of the last test is woken, whatever the thread is at.
const ROUNDS: usize = 200;

#[test]
fn is_woken_at_any_moment() {
    grade_race!(LOCAL_EXECUTOR, |rec| {
        let tasks = [Script::new(rec, "one"), Script::new(rec, "two")];
        let theirs = tasks.clone();
        let mut blocked = Blocked::start(rec, move |tell| {
            let executor = LocalExecutor::new();
            for task in &theirs {
                drop(executor.spawn_local(task.future(&tell)));
            }
            executor.run();
        });
        blocked = blocked.sleeps();
        let wakers = tasks.each_ref().map(Script::waker);
        for _ in 0..ROUNDS {
            for (task, waker) in tasks.iter().zip(&wakers) {
                let polls = task.polls();
                task.wake_by(waker);
                blocked = blocked.polls(task, polls + 1, WOKEN);
            }
        }
        for task in &tasks {
            task.finish();
        }
        blocked.returns(WOKEN);
    });
}
