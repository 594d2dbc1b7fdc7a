//! The grader of `concurrent`: a song and a dance, each of which goes on when the grader says so.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod not_blocked;
    pub mod part;
    pub mod rest;
}

use std::{
    fmt::Debug,
    task::{Poll, Waker},
};

use async_await::{learn_and_sing, song_and_dance};
use course::{ChildFuture, Exercise, RecordedWaker, Recorder, Task, grade, grade_race};
use executor::{new_executor_and_spawner, spawn_local, yield_now};
use support::{not_blocked::must_not_block, part::Part, rest::must_come_to_rest};

const CONCURRENT: Exercise = course::exercise!(
    "concurrent",
    stage = "05-async-await",
    feature = "my-concurrent"
);

/// What is learned.
const SONG: &str = "la la";

/// What is to be done.
#[derive(Clone)]
struct Show {
    rec: Recorder,
    learn: Part<&'static str>,
    sing: Part<()>,
    dance: Part<()>,
}

impl Show {
    fn new(rec: &Recorder) -> Self {
        Show {
            rec: rec.clone(),
            learn: Part::new(rec, "learn"),
            sing: Part::new(rec, "sing"),
            dance: Part::new(rec, "dance"),
        }
    }

    /// `learn_and_sing` of these parts.
    fn song(&self) -> impl Future<Output = ()> + use<> {
        let Show { learn, sing, .. } = self.clone();
        learn_and_sing(move || learn.call(), move |song| begin(&sing, song))
    }

    /// `song_and_dance` of these parts.
    fn all(&self) -> impl Future<Output = ()> + use<> {
        let Show {
            learn, sing, dance, ..
        } = self.clone();
        song_and_dance(
            move || learn.call(),
            move |song| begin(&sing, song),
            move || dance.call(),
        )
    }

    /// What is known of a part, whatever its output is: its name, and whether it has begun and is over.
    fn part(&self, name: &str) -> (&'static str, bool, bool) {
        fn known<T: Debug>(part: &Part<T>) -> (&'static str, bool, bool) {
            (part.name(), part.has_begun(), part.is_over())
        }
        match name {
            "learn" => known(&self.learn),
            "sing" => known(&self.sing),
            _ => known(&self.dance),
        }
    }

    /// The rule that it is not ready before each of `parts` is.
    ///
    /// Fails with `not-awaited` or `dropped-pending`.
    fn goes_on(&self, poll: Poll<()>, parts: &[&str]) {
        let parts = parts.iter().map(|part| self.part(part));
        for (name, has_begun, is_over) in parts.filter(|_| poll.is_ready()) {
            if !has_begun {
                self.rec.fail(
                    "not-awaited",
                    format!("the answer is Ready, and `{name}` has not even begun"),
                );
            }
            if !is_over {
                self.rec.fail(
                    "dropped-pending",
                    format!("the answer is Ready, and `{name}` goes on still"),
                );
            }
        }
    }

    /// The rule that a part has begun by now. `instead` is what holds it up if it has not.
    ///
    /// Fails with `code`.
    fn has_begun(&self, name: &str, code: &str, instead: &str) {
        if !self.part(name).1 {
            self.rec
                .fail(code, format!("`{name}` has not begun: {instead}"));
        }
    }

    /// The poll for which the song is there: in it, the song has to be begun. `goes_on` are the parts that are not over
    /// by then, and `instead` is what holds it up if it does not begin at all.
    ///
    /// Fails with `one-poll-late` if it does so in the next poll, and with `code` otherwise.
    fn begins_to_sing<F>(
        &self,
        (task, waker): (&mut Task<F>, &RecordedWaker),
        goes_on: &[&str],
        code: &str,
        instead: &str,
    ) where
        F: Future<Output = ()>,
    {
        let wakes = self.rec.wakes(waker.name());
        self.goes_on(task.poll(waker), goes_on);
        if !self.sing.has_begun() && self.rec.wakes(waker.name()) > wakes {
            self.goes_on(task.poll(waker), goes_on);
            if self.sing.has_begun() {
                let seen = "the song was known in one poll, and begun in the next, for which the task had woken itself";
                let section = "one-after-the-other-or-both";
                self.rec.fail_reading(section, "one-poll-late", seen);
            }
        }
        self.has_begun("sing", code, instead);
    }

    /// The rule that it is over when all its parts are.
    ///
    /// Fails with `never-ready`.
    fn is_over(&self, poll: Poll<()>) {
        if poll.is_pending() {
            self.rec.fail(
                "never-ready",
                "all that was to be done is done, and the answer is Pending",
            );
        }
    }

    /// Lets the song be known, which wakes the task.
    fn learned(&self, waker: &RecordedWaker, older: Option<&RecordedWaker>) {
        self.learn.finish(SONG);
        self.learn.must_have_woken(waker, older);
    }
}

/// Begins to sing.
fn begin(sing: &Part<()>, song: &str) -> ChildFuture<Waker, ()> {
    assert_eq!(song, SONG, "there is no other song");
    sing.call()
}

/// A show where a poll that waits is noticed.
fn show(rec: &Recorder, scene: impl FnOnce(&Recorder, &Show) + Send + 'static) {
    must_not_block(
        rec,
        "blocking-poll",
        "a poll waits, with the whole thread, and so nobody can go on: not even whom it waits for",
        |rec| scene(rec, &Show::new(rec)),
    );
}

#[test]
fn calling_does_nothing() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            for (function, future) in [
                (
                    "learn_and_sing",
                    Box::new(show.song()) as Box<dyn Future<Output = ()>>,
                ),
                ("song_and_dance", Box::new(show.all())),
            ] {
                rec.note(format!("`{function}` is called"));
                if show.learn.was_called() || show.sing.was_called() || show.dance.was_called() {
                    rec.fail(
                        "eager",
                        format!("`{function}` was called, its future was not polled, and something has begun"),
                    );
                }
                drop(future);
            }
        });
    });
}

#[test]
fn sings_what_was_learned() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.song()), rec.waker("A"));
            show.goes_on(task.poll(&a), &["learn", "sing"]);
            show.has_begun("learn", "not-awaited", "the first poll did not poll it");

            show.learned(&a, None);
            let instead = "the song is known, and nobody sings it";
            show.begins_to_sing((&mut task, &a), &["sing"], "not-awaited", instead);

            show.sing.finish(());
            show.sing.must_have_woken(&a, None);
            show.is_over(task.poll(&a));
        });
    });
}

#[test]
fn learns_and_dances_at_the_first_poll() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.all()), rec.waker("A"));
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);
            for part in ["learn", "dance"] {
                let instead = "the first poll polled the other one alone";
                show.has_begun(part, "not-concurrent", instead);
            }
        });
    });
}

#[test]
fn sings_while_the_dance_goes_on() {
    grade!(CONCURRENT, lesson, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.all()), rec.waker("A"));
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);

            show.learned(&a, None);
            let instead = "the song is known, and the singer waits for the dancer";
            let parts = ["sing", "dance"];
            show.begins_to_sing((&mut task, &a), &parts, "not-concurrent", instead);

            show.sing.finish(());
            show.sing.must_have_woken(&a, None);
            show.goes_on(task.poll(&a), &["dance"]);

            show.dance.finish(());
            show.dance.must_have_woken(&a, None);
            show.is_over(task.poll(&a));
        });
    });
}

#[test]
fn learns_while_there_is_no_dance_any_more() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.all()), rec.waker("A"));
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);

            show.dance.finish(());
            show.dance.must_have_woken(&a, None);
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);

            show.learned(&a, None);
            let instead = "the song is known, and nobody sings it";
            show.begins_to_sing((&mut task, &a), &["sing"], "not-awaited", instead);

            show.sing.finish(());
            show.sing.must_have_woken(&a, None);
            show.is_over(task.poll(&a));
        });
    });
}

#[test]
fn a_poll_without_a_reason_changes_nothing() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.all()), rec.waker("A"));
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);
            rec.note("a poll without a reason");
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);

            show.dance.finish(());
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);
            rec.note("a poll without a reason");
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);

            show.learn.finish(SONG);
            show.goes_on(task.poll(&a), &["sing"]);
            rec.note("a poll without a reason");
            show.goes_on(task.poll(&a), &["sing"]);

            show.sing.finish(());
            show.is_over(task.poll(&a));
        });
    });
}

#[test]
fn comes_to_rest_while_nothing_happens() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut task, a) = (Task::new(rec, show.all()), rec.waker("A"));
            must_come_to_rest(rec, &a, || {
                show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);
            });
            show.learned(&a, None);
            must_come_to_rest(rec, &a, || show.goes_on(task.poll(&a), &["sing", "dance"]));
        });
    });
}

#[test]
fn wakes_the_task_of_the_latest_poll() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let mut task = Task::new(rec, show.all());
            show.goes_on(task.poll(&a), &["learn", "sing", "dance"]);
            rec.note("the future moves to task B");
            show.goes_on(task.poll(&b), &["learn", "sing", "dance"]);

            show.learned(&b, Some(&a));
            show.goes_on(task.poll(&b), &["sing", "dance"]);
            rec.note("the future moves back to task A");
            show.goes_on(task.poll(&a), &["sing", "dance"]);

            show.dance.finish(());
            show.dance.must_have_woken(&a, Some(&b));
            show.goes_on(task.poll(&a), &["sing"]);
            rec.note("the future moves to task B");
            show.goes_on(task.poll(&b), &["sing"]);

            show.sing.finish(());
            show.sing.must_have_woken(&b, Some(&a));
            show.is_over(task.poll(&b));
        });
    });
}

#[test]
fn is_ready_at_once_if_nothing_has_to_wait() {
    grade!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let show = Show {
                learn: show.learn.clone().over_at_once(SONG),
                sing: show.sing.clone().over_at_once(()),
                dance: show.dance.clone().over_at_once(()),
                ..show.clone()
            };
            let poll = Task::new(rec, show.all()).poll(&rec.waker("A"));
            show.goes_on(poll, &["learn", "sing", "dance"]);
            show.is_over(poll);
        });
    });
}

#[test]
fn goes_on_beside_other_tasks() {
    grade_race!(CONCURRENT, |rec| {
        show(rec, |rec, show| {
            let (mut executor, spawner) = new_executor_and_spawner();
            let dance = show.dance.clone();
            // Local: a right one need not be `Send`.
            let task = spawn_local(&spawner, show.all());
            // Somebody else, who has the say when the dance is over: on the same thread.
            drop(spawner.spawn(async move {
                yield_now().await;
                dance.finish(());
            }));
            for _ in 0..10 {
                executor.turn(1);
            }
            show.learn.finish(SONG);
            executor.turn(1);
            show.sing.finish(());
            drop(spawner);
            for _ in 0..10 {
                executor.turn(1);
            }
            if !task.is_finished() {
                rec.fail(
                    "lost-wakeup",
                    "song and dance can be over, and the task that they are part of is not",
                );
            }
        });
    });
}
