//! The grader of `lost_in_poll`: a wake that comes during the poll leads to another poll.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod script;
}

#[cfg_attr(feature = "my-lost-in-poll", path = "../exercises/lost_in_poll.rs")]
#[cfg_attr(
    not(feature = "my-lost-in-poll"),
    path = "../../tests/solutions/03-executor/lost_in_poll/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod lost_in_poll;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;

use std::{
    pin::Pin,
    sync::{Arc, mpsc},
    task::{Context, Poll, Waker},
    thread,
};

use course::{Exercise, Race, Recorder, grade, grade_race};
use lost_in_poll::Executor;
use support::script::{Script, Scripted};

const LOST_IN_POLL: Exercise = course::exercise!(
    "lost_in_poll",
    stage = "03-executor",
    feature = "my-lost-in-poll"
);

/// A future without its output. Unlike an `async` block, it leaves polls after Ready to the one inside.
struct Silent(Scripted);

impl Future for Silent {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx).map(|_| ())
    }
}

/// An executor with one task, in the grader's hand.
struct Hand {
    recorder: Recorder,
    executor: Arc<Executor>,
    task: Script,
}

impl Hand {
    fn new(recorder: &Recorder, task: Script) -> Self {
        let hand = Hand {
            recorder: recorder.clone(),
            executor: Arc::default(),
            task,
        };
        let (tell, _) = mpsc::channel();
        let future = hand.task.future(&tell);
        hand.executor.spawn(Silent(future));
        hand
    }

    /// Runs what is queued by now, once.
    fn turn(&self) {
        self.recorder.note("the executor runs");
        self.executor.turn();
    }

    /// The rule that the task has been polled so often by now. `why` is what happened before the turn.
    ///
    /// Fails with `missed` if it was polled too seldom, and with `queued-twice` or `queued-unwoken` if too
    /// often.
    fn must_have_polled(&self, polls: usize, missed: &str, why: &str) {
        let seen = self.task.polls();
        if seen < polls {
            self.recorder.fail(
                missed,
                format!("{why}, and the executor does not poll it any more"),
            );
        }
        self.must_stay(polls, why);
    }

    /// The rule that nothing is polled any more than that.
    fn must_stay(&self, polls: usize, why: &str) {
        self.recorder.note("the executor runs twice more");
        self.executor.turn();
        self.executor.turn();
        let (seen, wakes) = (self.task.polls(), self.task.wakes());
        if seen > polls {
            // The first poll is the spawn's.
            let code = if seen <= wakes + 1 {
                "queued-twice"
            } else {
                "queued-unwoken"
            };
            self.recorder.fail(
                code,
                format!(
                    "{why}: that asks for one poll, and there were {}",
                    seen + 1 - polls
                ),
            );
        }
    }
}

/// More steps than a run or a wake has that does not spin.
const MOST_STEPS: usize = 100;

const WOKEN: &str = "the task waits, and was woken";
const IN_POLL: &str = "the task was woken while it was being polled";

#[test]
fn polls_when_it_was_woken() {
    grade!(LOST_IN_POLL, |rec| {
        let hand = Hand::new(rec, Script::new(rec, "task"));
        hand.turn();
        hand.must_have_polled(1, "never-polled", "the task was spawned");
        for polls in 2..4 {
            hand.task.wake_for_nothing();
            hand.turn();
            hand.must_have_polled(polls, "lost-wakeup", WOKEN);
        }
        hand.task.finish();
        hand.turn();
        hand.must_have_polled(4, "lost-wakeup", WOKEN);
    });
}

#[test]
fn several_wakes_are_one_poll() {
    grade!(LOST_IN_POLL, |rec| {
        let hand = Hand::new(rec, Script::new(rec, "task"));
        hand.turn();
        for polls in 2..4 {
            for _ in 0..3 {
                hand.task.wake_for_nothing();
            }
            hand.turn();
            hand.must_have_polled(
                polls,
                "lost-wakeup",
                "the task was woken three times before its turn",
            );
        }
    });
}

#[test]
fn keeps_a_wake_of_the_task_by_itself() {
    grade!(LOST_IN_POLL, lesson, |rec| {
        let task = Script::new(rec, "task");
        let theirs = task.clone();
        let task = task.in_poll(1, move |waker| {
            theirs.can_finish();
            theirs.wake_by(waker);
        });
        let hand = Hand::new(rec, task);
        hand.turn();
        if hand.task.polls() > 1 {
            rec.fail(
                "starvation",
                "the task has woken itself while it was being polled, and was polled again at once, in the same \
                 turn: whoever is queued behind it has to wait, and as long as it wakes itself, for ever",
            );
        }
        hand.turn();
        hand.must_have_polled(
            2,
            "lost-in-poll",
            "the task has woken itself while it was being polled",
        );
    });
}

#[test]
fn keeps_a_wake_by_another_thread() {
    grade!(LOST_IN_POLL, |rec| {
        let mut task = Script::new(rec, "task");
        for poll in 1..3 {
            let theirs = task.clone();
            task = task.in_poll(poll, move |waker| {
                let waker = waker.clone();
                let thread = thread::spawn(move || theirs.wake_by(&waker));
                thread.join().expect("a wake does not panic");
            });
        }
        let hand = Hand::new(rec, task);
        hand.turn();
        hand.turn();
        hand.turn();
        hand.must_have_polled(3, "lost-in-poll", IN_POLL);
        hand.task.finish();
        hand.turn();
        hand.must_have_polled(4, "lost-wakeup", WOKEN);
    });
}

#[test]
fn several_wakes_in_a_poll_are_one_more_poll() {
    grade!(LOST_IN_POLL, |rec| {
        let task = Script::new(rec, "task");
        let theirs = task.clone();
        let task = task.in_poll(1, move |waker| (0..3).for_each(|_| theirs.wake_by(waker)));
        let hand = Hand::new(rec, task);
        hand.turn();
        hand.task.wake_for_nothing();
        hand.turn();
        hand.must_have_polled(
            2,
            "lost-in-poll",
            "the task was woken three times while it was being polled, and once more after that",
        );
    });
}

#[test]
fn a_wake_in_the_last_poll_polls_nothing() {
    grade!(LOST_IN_POLL, |rec| {
        let task = Script::new(rec, "task");
        let theirs = task.clone();
        let task = task.in_poll(1, move |waker| theirs.wake_by(waker));
        task.can_finish();
        let hand = Hand::new(rec, task);
        hand.turn();
        // A poll after Ready is noticed by the future itself.
        hand.turn();
        hand.task.waker().wake();
        hand.turn();
    });
}

#[test]
fn two_wakes_at_the_same_time_are_one_poll() {
    grade_race!(LOST_IN_POLL, |rec| {
        for skip in 0..MOST_STEPS {
            rec.note(format!(
                "once more: a second wake comes at step {skip} of the first"
            ));
            let (hand, race) = (Hand::new(rec, Script::new(rec, "task")), Race::new());
            hand.turn();
            let (second, waker) = (hand.task.clone(), hand.task.waker());
            steps::ambush(skip, race.once(move || second.wake_by(&waker)));
            hand.task.wake_for_nothing();
            steps::call_off();
            race.finish();
            hand.turn();
            hand.must_have_polled(
                2,
                "lost-wakeup",
                "two threads have woken the task at the same time",
            );
            if !race.was_forced() {
                break;
            }
        }
    });
}

#[test]
fn keeps_a_wake_while_another_thread_takes_its_turn() {
    grade_race!(LOST_IN_POLL, |rec| {
        let (race, executor) = (Race::new(), Arc::new(Executor::default()));
        let task = Script::new(rec, "task");
        let (theirs, second, rivals, noted) = (
            task.clone(),
            Arc::clone(&executor),
            race.clone(),
            rec.clone(),
        );
        let task = task.in_poll(1, move |waker| {
            theirs.can_finish();
            theirs.wake_by(waker);
            rivals.run(move || {
                noted.note("a second thread takes its turn, while the first one polls");
                second.turn();
            });
        });
        let (tell, _) = mpsc::channel();
        let future = task.future(&tell);
        executor.spawn(Silent(future));
        executor.turn();
        race.finish();
        executor.turn();
        if !task.is_finished() {
            rec.fail(
                "second-worker",
                "the task was woken while it was being polled, and a second thread came to poll it before the \
                 first was through; after that, nobody polls it any more",
            );
        }
    });
}

#[test]
fn keeps_a_wake_at_any_moment_of_the_run() {
    grade_race!(LOST_IN_POLL, |rec| {
        // The first poll leaves the waker; in the turn after that, another thread wakes at some step.
        for skip in 0..MOST_STEPS {
            if !a_wake_comes_at_a_step(rec, skip) {
                break;
            }
        }
    });
}

/// Wakes from another thread at a step of a run. Tells whether there was a step.
fn a_wake_comes_at_a_step(rec: &Recorder, skip: usize) -> bool {
    rec.note(format!(
        "once more: the wake comes at step {skip} of the run"
    ));
    let (task, race) = (Script::new(rec, "task"), Race::new());
    let hand = Hand::new(rec, task);
    hand.turn();
    let (theirs, waker, noted) = (hand.task.clone(), hand.task.waker(), rec.clone());
    let wake = move |waker: &Waker| {
        noted.note("another thread wakes");
        theirs.can_finish();
        theirs.wake_by(waker);
    };
    hand.task.wake_for_nothing();
    steps::ambush(skip, race.once(move || wake(&waker)));
    hand.turn();
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    hand.turn();
    hand.turn();
    if !hand.task.is_finished() {
        rec.fail(
            "lost-in-poll",
            "the task was woken during its run, at a moment when the run held no lock; the poll had not seen what it \
             was woken for, and nobody polls it any more",
        );
    }
    true
}
