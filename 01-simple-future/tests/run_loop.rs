//! The grader of `run_loop`: tasks that are woken by a script, and at the end by real threads.

mod support;

use course::{Exercise, Recorder, grade};
use simple_future::{SLOTS, Slots, run_loop};
use support::{looped::Looped, threaded::Echo};

const RUN_LOOP: Exercise = course::exercise!(
    "run_loop",
    stage = "01-simple-future",
    feature = "my-run-loop"
);

#[test]
fn polls_every_task_at_first() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("one", wake!(rec, "A")), ("two", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped.asleep(Looped::finish_the_rest).run();
    });
}

#[test]
fn returns_when_there_is_nothing_to_wait_for() {
    grade!(RUN_LOOP, |rec| {
        rec.note("no tasks");
        Looped::new(rec, []).run();
        rec.note("a task that is ready at its first poll");
        let looped = Looped::new(rec, [("one", wake!(rec, "A"))]);
        looped.finish("one");
        looped.run();
    });
}

#[test]
fn polls_only_what_was_woken() {
    grade!(RUN_LOOP, lesson, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped
            .asleep(|looped| looped.finish("right"))
            .asleep(|looped| looped.finish("left"))
            .run();
    });
}

#[test]
fn ends_when_the_last_task_is_done_whichever_that_is() {
    grade!(RUN_LOOP, |rec| {
        for order in [
            ["one", "two", "three"],
            ["two", "three", "one"],
            ["three", "one", "two"],
        ] {
            rec.note(format!("now in the order {}", order.join(", ")));
            let looped = Looped::new(
                rec,
                [
                    ("one", wake!(rec, "A")),
                    ("two", wake!(rec, "B")),
                    ("three", wake!(rec, "C")),
                ],
            );
            for name in order {
                looped.asleep(move |looped| looped.finish(name));
            }
            looped.run();
        }
    });
}

#[test]
fn a_wake_for_nothing_costs_one_poll_and_nothing_else() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped
            .asleep(|looped| looped.wake_for_nothing("left"))
            .asleep(|looped| looped.end_sleep_for_nothing(false))
            .asleep(|looped| looped.wake_for_nothing("right"))
            .asleep(Looped::finish_the_rest)
            .run();
    });
}

#[test]
fn keeps_a_wake_that_comes_during_the_poll() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped
            .in_poll("left", 1, |looped| looped.wake_for_nothing("left"))
            .in_poll("left", 2, |looped| looped.finish("left"))
            .in_poll("right", 2, |looped| looped.finish("right"))
            .asleep(|looped| looped.wake_for_nothing("right"))
            .run();
    });
}

#[test]
fn keeps_a_wake_that_comes_while_it_looks() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped
            .asleep(|looped| looped.end_sleep_for_nothing(true))
            .asleep(Looped::finish_the_rest)
            .run();
    });
}

#[test]
fn polls_a_task_that_was_woken_by_another_task() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        // Each lets the other go on: one of them has been passed in this round already.
        looped
            .in_poll("left", 2, |looped| looped.finish("right"))
            .in_poll("right", 2, |looped| looped.finish("left"))
            .asleep(|looped| looped.wake_for_nothing("right"))
            .run();
    });
}

#[test]
fn forgets_a_late_wake_of_a_finished_task() {
    grade!(RUN_LOOP, |rec| {
        let tasks = [("left", wake!(rec, "A")), ("right", wake!(rec, "B"))];
        let looped = Looped::new(rec, tasks);
        looped
            .asleep(|looped| looped.finish("left"))
            .asleep(|looped| looped.wake_for_nothing("left"))
            .asleep(|looped| looped.finish("right"))
            .run();
    });
}

/// How often each thread wakes its task.
const ROUNDS: usize = 200;

#[test]
fn runs_tasks_that_threads_wake() {
    grade!(RUN_LOOP, |rec| {
        // A loop that fails here would wait for ever below, and only the time limit could say so.
        rehearse(rec);
        rec.note("now with threads");
        let (tasks, threads): (Vec<_>, Vec<_>) = (0..SLOTS).map(|_| Echo::start(ROUNDS)).unzip();
        let slots = Slots::claim(SLOTS).expect("no other test of this program takes any");
        let boxed = tasks.into_iter().map(|task| Box::new(task) as _);
        run_loop(boxed.collect(), &slots);
        rec.note(format!(
            "{SLOTS} tasks: {ROUNDS} wakes for each, by a thread"
        ));
        for thread in threads {
            let (polls, done) = thread.join();
            if done == 0 {
                rec.fail("ends-early", "the loop returned, and a task is not done");
            }
            if polls > ROUNDS + 1 {
                rec.fail(
                    "polled-unwoken",
                    format!("a task was woken {ROUNDS} times, and polled {polls} times"),
                );
            }
        }
    });
}

/// What the threads will do, in small: wakes during a poll, several at once, and a task that goes first.
fn rehearse(rec: &Recorder) {
    let tasks = [
        ("one", wake!(rec, "A")),
        ("two", wake!(rec, "B")),
        ("three", wake!(rec, "C")),
    ];
    let looped = Looped::new(rec, tasks);
    looped
        .in_poll("one", 1, |looped| looped.finish("one"))
        .asleep(|looped| looped.wake_for_nothing("three"))
        .asleep(Looped::finish_the_rest)
        .run();
}
