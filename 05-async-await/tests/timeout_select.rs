//! The grader of `timeout_select`: a loop with three branches, and one deadline for all of its turns.

#[path = "support/endless.rs"]
mod endless;
#[path = "support/hours.rs"]
mod hours;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/source.rs"]
mod source;
#[path = "support/work.rs"]
mod work;

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use async_await::{TimeUp, mpsc, work_and_listen};
use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race};
use endless::Endless;
use hours::Hours;
use reactor::{ManualSelector, Runtime, selector, sleep};
use rules::{lock, pending, ready};
use source::Source;
use waker_timer::{ManualClock, clock};
use work::Work;

const TIMEOUT_SELECT: Exercise = course::exercise!(
    "timeout_select",
    stage = "05-async-await",
    feature = "my-timeout-select"
);

const MINUTE: Duration = Duration::from_secs(60);
/// How long all of these loops may last.
const HOUR: Duration = Duration::from_secs(3600);

/// Complete "… although" and "… because".
const BOTH_GO_ON: &str = "the work is not done, the stream has not ended, and there is time";
const STREAM_GOES_ON: &str = "the stream has not ended, and there is time";
const WORK_GOES_ON: &str = "the work is not done, and there is time";
const BOTH_ENDED: &str = "the work is done, and the stream has ended";
const TIME_IS_UP: &str = "its hour is over";

type Outcome = Result<u32, TimeUp<u32>>;

/// Work, a stream and an hour, in the grader's hand.
struct Scene {
    recorder: Recorder,
    hours: Hours,
    work: Work,
    source: Source<u32>,
    heard: Arc<Mutex<Vec<u32>>>,
}

impl Scene {
    fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            hours: Hours::stop(recorder),
            work: Work::new(recorder),
            source: Source::new(recorder),
            heard: Arc::default(),
        }
    }

    /// The loop under test, for an hour.
    fn listening(&self) -> Task<impl Future<Output = Outcome> + use<>> {
        let (work, mut stream) = (self.work.future(), self.source.stream());
        let (recorder, heard) = (self.recorder.clone(), self.heard.clone());
        let hear = move |value| {
            recorder.called(format!("hear({value})"));
            lock(&heard).push(value);
        };
        let listening = async move { work_and_listen(HOUR, work, &mut stream, hear).await };
        Task::new(&self.recorder, listening)
    }

    /// The rule of what was heard by now.
    ///
    /// Fails with `lost-item` and `wrong-value`.
    fn must_have_heard(&self, values: &[u32]) {
        let heard = lock(&self.heard).clone();
        if heard.len() < self.source.taken() {
            self.recorder.fail_reading(
                "the-first-of-two",
                "lost-item",
                format!(
                    "{} values were taken out of the stream by now, and `hear` was given {heard:?}; if it is dropped now, the \
                     others are gone",
                    self.source.taken()
                ),
            );
        }
        if heard != values {
            self.recorder.fail(
                "wrong-value",
                format!("the stream had {values:?} by then, and `hear` was given {heard:?}"),
            );
        }
    }

    /// The rule that nothing stays behind.
    ///
    /// Fails with `keeps-task-alive`.
    fn must_be_clean(&self, waker: &RecordedWaker) {
        // The source itself may still have one.
        let spare = usize::from(self.source.waits());
        let wakers = waker.clones_alive().saturating_sub(spare);
        let timers = self.hours.timers();
        if timers > 0 || wakers > 0 {
            self.recorder.fail(
                "keeps-task-alive",
                format!("it is over, and {timers} timers and {wakers} clones of its waker are still there"),
            );
        }
    }
}

/// Polls until it stands still: who yields after each value wakes itself, and is polled again at once.
///
/// Fails with `busy-wake`.
fn poll<F: Future<Output = Outcome>>(
    rec: &Recorder,
    task: &mut Task<F>,
    waker: &RecordedWaker,
) -> Poll<Outcome> {
    const MOST: usize = 20;
    for _ in 0..MOST {
        let before = rec.wakes(waker.name());
        let outcome = task.poll(waker);
        if outcome.is_ready() || rec.wakes(waker.name()) == before {
            return outcome;
        }
    }
    rec.fail(
        "busy-wake",
        format!("it was polled {MOST} times in a row, and woke itself each time, although nothing happens"),
    )
}

/// The rule of the output.
///
/// Fails with `wrong-value`.
fn must_be(rec: &Recorder, seen: Outcome, expected: Outcome) {
    if seen != expected {
        rec.fail(
            "wrong-value",
            format!("it should end with {expected:?}, and it ended with {seen:?}"),
        );
    }
}

#[test]
fn gives_what_the_work_gave_when_both_have_ended() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        scene.work.can_finish(7);
        scene.source.has([1, 2, 3]);
        scene.source.is_ending();
        let outcome = poll(rec, &mut scene.listening(), &rec.waker("A"));
        let outcome = ready(rec, outcome, BOTH_ENDED);
        if outcome.is_ok() && !scene.source.has_ended() {
            rec.fail(
                "early-ready",
                "the work was done, and it ended, although the stream had not: `None` is its end",
            );
        }
        must_be(rec, outcome, Ok(7));
        scene.must_have_heard(&[1, 2, 3]);
    });
}

#[test]
fn begins_with_both_at_the_first_poll() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        if scene.work.polls() > 0 || scene.source.asked() > 0 {
            rec.fail("eager", "it was made and not polled, and has begun");
        }
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        for (what, polls) in [
            ("the work", scene.work.polls()),
            ("the stream", scene.source.asked()),
        ] {
            if polls == 0 {
                rec.fail_reading(
                    "the-first-of-two",
                    "not-concurrent",
                    format!("after the first poll {what} has not been polled"),
                );
            }
        }
        rec.must_be_quiet();
    });
}

#[test]
fn work_and_stream_go_on_side_by_side() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        scene.source.sends(1);
        rec.must_wake("A", "the stream has something");
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        scene.must_have_heard(&[1]);
        if scene.work.is_dropped() {
            rec.fail_reading(
                "the-first-of-two",
                "dropped-pending",
                "the stream had something, and the work was dropped, although it was not done",
            );
        }
        scene.work.finishes(7);
        rec.must_wake("A", "the work can be done");
        pending(rec, poll(rec, &mut listening, &a), STREAM_GOES_ON);
        rec.must_be_quiet();
        scene.source.sends(2);
        rec.must_wake("A", "the stream has something");
        pending(rec, poll(rec, &mut listening, &a), STREAM_GOES_ON);
        scene.must_have_heard(&[1, 2]);
        scene.source.ends();
        rec.must_wake("A", "the stream has ended");
        must_be(
            rec,
            ready(rec, poll(rec, &mut listening, &a), BOTH_ENDED),
            Ok(7),
        );
        scene.must_be_clean(&a);
    });
}

#[test]
fn the_stream_may_end_first() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        scene.source.has([1]);
        scene.source.is_ending();
        pending(rec, poll(rec, &mut listening, &a), WORK_GOES_ON);
        rec.must_be_quiet();
        // A poll for nothing, and one by another task.
        let b = rec.waker("B");
        pending(rec, poll(rec, &mut listening, &b), WORK_GOES_ON);
        rec.must_be_quiet();
        scene.work.finishes(7);
        rec.must_wake("B", "the work can be done");
        must_be(
            rec,
            ready(rec, poll(rec, &mut listening, &b), BOTH_ENDED),
            Ok(7),
        );
        scene.must_have_heard(&[1]);
    });
}

#[test]
fn is_over_when_the_time_is_up() {
    grade!(TIMEOUT_SELECT, lesson, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        scene.hours.pass(59 * MINUTE);
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        rec.must_be_quiet();
        scene.hours.pass(MINUTE);
        rec.must_wake("A", TIME_IS_UP);
        let outcome = ready(rec, poll(rec, &mut listening, &a), TIME_IS_UP);
        must_be(rec, outcome, Err(TimeUp { output: None }));
        scene.must_be_clean(&a);
        if !scene.work.is_dropped() {
            drop(listening);
            if !scene.work.is_dropped() {
                rec.fail(
                    "keeps-task-alive",
                    "it is over and dropped, and the work is still there",
                );
            }
        }
    });
}

#[test]
fn gives_what_was_done_when_the_time_is_up() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        scene.work.can_finish(7);
        pending(rec, poll(rec, &mut listening, &a), STREAM_GOES_ON);
        scene.hours.pass(HOUR);
        rec.must_wake("A", TIME_IS_UP);
        let outcome = ready(rec, poll(rec, &mut listening, &a), TIME_IS_UP);
        must_be(rec, outcome, Err(TimeUp { output: Some(7) }));
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let mut listening = scene.listening();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for (waker, value) in [(&a, 1), (&b, 2), (&a, 3)] {
            pending(rec, poll(rec, &mut listening, waker), BOTH_GO_ON);
            scene.source.sends(value);
            rec.must_wake(waker.name(), "the stream has something");
        }
        pending(rec, poll(rec, &mut listening, &b), BOTH_GO_ON);
        scene.hours.pass(HOUR);
        rec.must_wake("B", TIME_IS_UP);
        ready(rec, poll(rec, &mut listening, &b), TIME_IS_UP).ok();
    });
}

#[test]
fn one_deadline_is_for_all_turns() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        for value in 1..=5 {
            scene.hours.pass(10 * MINUTE);
            scene.source.sends(value);
            pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
            must_have_one_timer(rec, &scene.hours);
        }
        scene.must_have_heard(&[1, 2, 3, 4, 5]);
        scene.hours.pass(10 * MINUTE);
        if rec.wakes_since_note("A") == 0 || poll(rec, &mut listening, &a).is_pending() {
            rec.fail(
                "restarted-deadline",
                "every ten minutes the stream had something, the hour is over now, and it waits on",
            );
        }
        scene.must_be_clean(&a);
    });
}

/// The rule that the turns leave no timers behind.
///
/// Fails with `wait-per-poll`.
fn must_have_one_timer(rec: &Recorder, hours: &Hours) {
    let timers = hours.timers();
    if timers > 1 {
        rec.fail(
            "wait-per-poll",
            format!(
                "there is one deadline, and after some turns {timers} timers are waiting for it"
            ),
        );
    }
}

/// After so many values at the latest, the others have their turn.
const A_WHILE: usize = 100;

/// Polls as long as it is woken: at most until the time is up.
///
/// Fails with `lost-wakeup`.
fn run<T: std::fmt::Debug>(rec: &Recorder, mut task: Task<impl Future<Output = T>>) -> T {
    let a = rec.waker("A");
    loop {
        rec.note("it is polled");
        if let Poll::Ready(output) = task.poll(&a) {
            return output;
        }
        rec.must_wake("A", "its stream always has something");
    }
}

#[test]
fn a_stream_that_always_has_something_leaves_time_for_the_work() {
    grade_race!(TIMEOUT_SELECT, |rec| {
        const FROM: usize = 500;
        let scene = Scene::new(rec);
        let (work, passing) = (scene.work.clone(), scene.hours.passing());
        let theirs = rec.clone();
        let mut stream = Endless::new(move |number| {
            match number {
            FROM => work.can_finish(7),
            _ if number > FROM + A_WHILE && !work.is_done() => theirs.fail(
                "starved-branch",
                format!(
                    "the stream always has something; the work can be done since value {FROM}, and at value {number} it \
                     has not been polled"
                ),
            ),
            1_000 => passing(HOUR),
            _ => must_come_to_an_end(&theirs, number, 1_000),
        }
        });
        let work = scene.work.future();
        let listening = async { work_and_listen(HOUR, work, &mut stream, drop).await };
        let outcome = run(rec, Task::new(rec, listening));
        must_be(rec, outcome, Err(TimeUp { output: Some(7) }));
    });
}

/// The rule that the deadline is seen, which has passed with value `since`.
///
/// Fails with `starved-branch`.
fn must_come_to_an_end(rec: &Recorder, number: usize, since: usize) {
    if number > since + A_WHILE {
        rec.fail(
            "starved-branch",
            format!(
                "the stream always has something; the time is up since value {since}, and at value {number} it goes on"
            ),
        );
    }
}

#[test]
fn a_stream_that_always_has_something_does_not_hide_the_deadline() {
    grade_race!(TIMEOUT_SELECT, |rec| {
        const FROM: usize = 2_000;
        let scene = Scene::new(rec);
        let (passing, theirs) = (scene.hours.passing(), rec.clone());
        // The poll in which the latest values were taken, the first of them, and the most of one poll.
        let (round, most) = (Cell::new((0, 0)), Rc::new(Cell::new(0)));
        let in_a_poll = most.clone();
        let mut stream = Endless::new(move |number| {
            let poll = theirs.polls_begun();
            if round.get().0 != poll {
                round.set((poll, number));
            }
            in_a_poll.set(in_a_poll.get().max(number - round.get().1));
            match number {
                FROM => passing(HOUR),
                _ => must_come_to_an_end(&theirs, number, FROM),
            }
        });
        let work = scene.work.future();
        let listening = async { work_and_listen(HOUR, work, &mut stream, drop).await };
        let outcome = run(rec, Task::new(rec, listening));
        must_be(rec, outcome, Err(TimeUp { output: None }));
        if most.get() > 1_000 {
            rec.advise(
                "does-not-yield",
                format!(
                    "one poll has taken {} values of a stream that always has something; no other task of the thread \
                     runs meanwhile",
                    most.get()
                ),
            );
        }
    });
}

#[test]
fn what_is_taken_is_heard_also_when_the_time_is_up() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        scene.source.has([1, 2, 3]);
        scene.hours.pass(HOUR);
        let outcome = poll(rec, &mut listening, &a);
        // In time or too late: but what is not heard is still in the stream.
        let heard = lock(&scene.heard).clone();
        scene.must_have_heard(&[1, 2, 3][..heard.len().min(3)]);
        let outcome = ready(rec, outcome, TIME_IS_UP);
        must_be(rec, outcome, Err(TimeUp { output: None }));
    });
}

/// Values 1, 2 and 3 are there, and after each number of polls in turn `event` comes before the next poll.
///
/// Fails with `lost-item`.
fn must_hear_what_is_taken(
    rec: &Recorder,
    event: impl Fn(&Scene),
    check: impl Fn(&Scene, Poll<Outcome>),
) {
    const MOST: usize = 10;
    for polls in 1..=MOST {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        scene.source.has([1, 2, 3]);
        scene.source.is_ending();
        let mut woken = true;
        for _ in 0..polls {
            let before = rec.wakes("A");
            pending(rec, listening.poll(&a), WORK_GOES_ON);
            woken = rec.wakes("A") > before;
            if !woken {
                break;
            }
        }
        event(&scene);
        check(&scene, poll(rec, &mut listening, &a));
        if !woken {
            return;
        }
    }
}

#[test]
fn what_is_taken_is_heard_also_when_the_work_is_done_next() {
    grade_race!(TIMEOUT_SELECT, |rec| {
        let done = |scene: &Scene| scene.work.finishes(7);
        must_hear_what_is_taken(rec, done, |scene, outcome| {
            scene.must_have_heard(&[1, 2, 3]);
            must_be(rec, ready(rec, outcome, BOTH_ENDED), Ok(7));
        });
    });
}

#[test]
fn what_is_taken_is_heard_also_when_the_time_is_up_next() {
    grade_race!(TIMEOUT_SELECT, |rec| {
        let up = |scene: &Scene| scene.hours.pass(HOUR);
        must_hear_what_is_taken(rec, up, |scene, outcome| {
            let heard = lock(&scene.heard).len();
            scene.must_have_heard(&[1, 2, 3][..heard.min(3)]);
            let outcome = ready(rec, outcome, TIME_IS_UP);
            must_be(rec, outcome, Err(TimeUp { output: None }));
        });
    });
}

#[test]
fn leaves_nothing_behind_when_it_is_dropped() {
    grade!(TIMEOUT_SELECT, |rec| {
        let scene = Scene::new(rec);
        let (mut listening, a) = (scene.listening(), rec.waker("A"));
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        scene.source.sends(1);
        pending(rec, poll(rec, &mut listening, &a), BOTH_GO_ON);
        rec.note("it is dropped");
        drop(listening);
        if !scene.work.is_dropped() {
            rec.fail(
                "keeps-task-alive",
                "it was dropped, and the work is still there",
            );
        }
        let timers = scene.hours.timers();
        if timers > 0 {
            rec.fail(
                "keeps-task-alive",
                format!("it was dropped, and {timers} timers are still there, with its waker"),
            );
        }
    });
}

#[test]
fn listens_in_a_runtime() {
    grade!(TIMEOUT_SELECT, |rec| {
        let time = Arc::new(ManualClock::new());
        let _clock = clock::replace(time.clone());
        let _selector = selector::replace(Arc::new(ManualSelector::with_clock(time)));
        let mut heard = Vec::new();
        let outcome = Runtime::new().expect("it asks no system").block_on(async {
            let (sender, mut receiver) = mpsc::channel(1);
            let speaks = executor::spawn(async move {
                sleep(5 * MINUTE).await;
                for value in 1..100 {
                    if sender.send(value).await.is_err() {
                        return;
                    }
                    sleep(10 * MINUTE).await;
                }
            });
            let work = async {
                sleep(30 * MINUTE).await;
                7
            };
            let hear = |value| heard.push(value);
            let outcome = work_and_listen(HOUR, work, &mut receiver, hear).await;
            speaks.abort();
            outcome
        });
        must_be(rec, outcome, Err(TimeUp { output: Some(7) }));
        if heard != [1, 2, 3, 4, 5, 6] {
            rec.fail(
                "wrong-value",
                format!("every ten minutes there was a value, six in an hour, and `hear` was given {heard:?}"),
            );
        }
    });
}
