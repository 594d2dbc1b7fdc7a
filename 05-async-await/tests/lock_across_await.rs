//! The grader of `lock_across_await`: two tasks share one thread and one lock, and one of them has to wait.

#[path = "support/deadline.rs"]
mod deadline;
#[cfg_attr(
    feature = "my-lock-across-await",
    path = "../exercises/lock_across_await.rs"
)]
#[cfg_attr(
    not(feature = "my-lock-across-await"),
    path = "../../tests/solutions/05-async-await/lock_across_await/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod lock_across_await;
#[path = "support/one_thread.rs"]
mod one_thread;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/sendable.rs"]
mod sendable;
// A module with modules of its own: they lie beside it.
mod support {
    pub mod script;
}

use std::{io, io::ErrorKind, task::Poll};

use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race};
use deadline::Deadline;
use lock_across_await::Journal;
use one_thread::on_one_thread;
use rules::{pending, ready};
use sendable::is_send;
use support::script::{Script, Stream, Take};

const LOCK_ACROSS_AWAIT: Exercise = course::exercise!(
    "lock_across_await",
    stage = "05-async-await",
    feature = "my-lock-across-await"
);

/// Complete "… although" and "… because".
const WRITES: &str = "the writer takes no more for now";
const QUEUED: &str = "another task is in the middle of its line";
const ROOM: &str = "there was room again";

/// What a thread was doing that stands still.
const TWO_WRITE: &str = "a task waits in the middle of its line, a second one wanted to write, and its poll does not come \
                         back: the thread stands still, and with it the first task";
const LATE: &str = "the deadline of `write_before` came, and the poll after it does not come back: the thread stands still";

/// A journal, and the other end of its writer.
fn journal(rec: &Recorder) -> (Journal<Stream>, Script) {
    let script = Script::new(rec);
    (Journal::new(script.stream()), script)
}

/// The next line gets stuck after three bytes, until [`room`].
fn stuck(script: &Script) {
    script.has_room_for(3);
}

fn room(script: &Script) {
    script.has_room_for(usize::MAX);
    script.wakes_writer("the writer has room again");
}

/// The rule of what has been written by now, in one of these orders.
///
/// Fails with `mixed-lines`, `half-written` and `wrong-value`.
fn must_be_written(rec: &Recorder, script: &Script, orders: &[&str]) {
    let written = String::from_utf8_lossy(&script.written()).into_owned();
    if orders.contains(&&*written) {
        if script.flushed() != script.written() {
            rec.fail_reading(
                "a-lock-across-an-await",
                "not-flushed",
                format!("{written:?} was written, and only a part of it, or nothing, was flushed"),
            );
        }
        return;
    }
    let expected = orders.join("` or `").replace('\n', "⏎");
    let seen = format!(
        "it should be `{expected}`, and it is `{}`",
        written.replace('\n', "⏎")
    );
    let whole: Vec<&str> = orders.iter().flat_map(|order| order.lines()).collect();
    let bytes = orders[0].len();
    match written.lines().all(|line| whole.contains(&line)) {
        // Whole lines, but not those.
        true => rec.fail("wrong-value", seen),
        false if written.len() == bytes => rec.fail("mixed-lines", seen),
        false if written.starts_with(&whole[0][..3]) && written.len() > bytes => {
            rec.fail("half-written", seen)
        }
        false => rec.fail("wrong-value", seen),
    }
}

/// The rule that a journal that is free lets the next one in.
///
/// Fails with `code` if `task` was not woken, or goes on waiting.
fn must_go_on<F>(
    rec: &Recorder,
    code: &str,
    (task, waker): (&mut Task<F>, &RecordedWaker),
    seen: &str,
) where
    F: Future<Output = io::Result<()>>,
{
    if rec.wakes_since_note(waker.name()) == 0 {
        rec.fail_reading(
            "a-lock-across-an-await",
            code,
            format!("{seen}, and it was not woken"),
        );
    }
    match task.poll(waker) {
        Poll::Ready(written) => must_be_ok(rec, &written),
        Poll::Pending => rec.fail_reading(
            "a-lock-across-an-await",
            code,
            format!("{seen}; it was woken, and waits on"),
        ),
    }
}

fn must_be_ok(rec: &Recorder, written: &io::Result<()>) {
    if let Err(error) = written {
        rec.fail(
            "wrong-value",
            format!("the writer made no error, and the line ends with `{error}`"),
        );
    }
}

#[test]
fn writes_whole_lines() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        let a = rec.waker("A");
        let (journal, script) = journal(rec);
        for lines in ["one\n", "one\ntwo\n", "one\ntwo\nthree\n"] {
            script.takes([Take::UpTo(1), Take::UpTo(1)]);
            let line = lines.lines().next_back().unwrap_or_default();
            let outcome = Task::named(rec, "task", journal.write(line)).poll(&a);
            must_be_ok(rec, &ready(rec, outcome, "the writer took all of it"));
            must_be_written(rec, &script, &[lines]);
            must_count(rec, &journal, lines.lines().count());
        }
    });
}

/// The rule of how many lines are written.
///
/// Fails with `wrong-value`.
fn must_count(rec: &Recorder, journal: &Journal<Stream>, lines: usize) {
    let seen = journal.lines();
    if seen != lines {
        rec.fail(
            "wrong-value",
            format!("{lines} lines are written, and `lines` says {seen}"),
        );
    }
}

#[test]
fn two_tasks_of_one_thread_write_one_after_the_other() {
    grade!(LOCK_ACROSS_AWAIT, lesson, |rec| {
        on_one_thread(rec, "lock-across-await", TWO_WRITE, |rec| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let (journal, script) = journal(rec);
            let mut first = Task::named(rec, "first", journal.write("anna"));
            let mut second = Task::named(rec, "second", journal.write("bert"));
            stuck(&script);
            pending(rec, first.poll(&a), WRITES);
            let writes = script.calls().writes;
            let outcome = second.poll(&b);
            if script.calls().writes > writes {
                rec.fail(
                    "mixed-lines",
                    "`first` waits in the middle of its line, and `second` tries to write",
                );
            }
            pending(rec, outcome, QUEUED);
            rec.must_be_quiet();
            room(&script);
            rec.must_wake("A", ROOM);
            let outcome = first.poll(&a);
            if outcome.is_pending() && !script.waiting().1 {
                rec.fail(
                    "mixed-lines",
                    "the writer has room for the rest of the line of `first`, and `first` waits for something else: in \
                     the middle of its line it has let the journal go",
                );
            }
            must_be_ok(rec, &ready(rec, outcome, ROOM));
            must_go_on(
                rec,
                "mixed-lines",
                (&mut second, &b),
                "`first` was to bring its line to an end, and `second` to write after that",
            );
            must_be_written(rec, &script, &["anna\nbert\n"]);
        });
    });
}

#[test]
fn says_at_any_time_how_many_lines_are_written() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        const STILL: &str = "a task waits in the middle of its line, and on the same thread somebody calls `lines`: \
             the call does not come back";
        on_one_thread(rec, "blocking-call", STILL, |rec| {
            let a = rec.waker("A");
            let (journal, script) = journal(rec);
            let outcome = Task::named(rec, "first", journal.write("anna")).poll(&a);
            must_be_ok(rec, &ready(rec, outcome, "the writer took all of it"));
            stuck(&script);
            let mut second = Task::named(rec, "second", journal.write("bert"));
            pending(rec, second.poll(&a), WRITES);
            must_count(rec, &journal, 1);
            room(&script);
            must_be_ok(rec, &ready(rec, second.poll(&a), ROOM));
            must_count(rec, &journal, 2);
        });
    });
}

#[test]
fn a_line_that_fails_lets_the_next_one_in() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", TWO_WRITE, |rec| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let (journal, script) = journal(rec);
            let mut first = Task::named(rec, "first", journal.write("anna"));
            let mut second = Task::named(rec, "second", journal.write("bert"));
            script.takes([Take::Pending, Take::Error(ErrorKind::StorageFull)]);
            pending(rec, first.poll(&a), WRITES);
            pending(rec, second.poll(&b), QUEUED);
            room(&script);
            if let Ok(()) = ready(rec, first.poll(&a), ROOM) {
                rec.fail(
                    "wrong-value",
                    "the writer made an error, and the line ends with `Ok`",
                );
            }
            must_go_on(
                rec,
                "lost-lock",
                (&mut second, &b),
                "the line of `first` ended with an error; `second` waited for it",
            );
            must_be_written(rec, &script, &["bert\n"]);
            must_count(rec, &journal, 1);
        });
    });
}

#[test]
fn one_who_waits_can_be_dropped() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", TWO_WRITE, |rec| {
            let (a, b, c) = (rec.waker("A"), rec.waker("B"), rec.waker("C"));
            let (journal, script) = journal(rec);
            let mut first = Task::named(rec, "first", journal.write("anna"));
            let mut second = Task::named(rec, "second", journal.write("bert"));
            let mut third = Task::named(rec, "third", journal.write("carl"));
            stuck(&script);
            pending(rec, first.poll(&a), WRITES);
            pending(rec, second.poll(&b), QUEUED);
            pending(rec, third.poll(&c), QUEUED);
            rec.note("`second` is dropped");
            drop(second);
            room(&script);
            must_be_ok(rec, &ready(rec, first.poll(&a), ROOM));
            must_go_on(
                rec,
                "lost-lock",
                (&mut third, &c),
                "`second` was dropped while it waited, and the line of `first` is over; `third` waited too",
            );
            must_be_written(rec, &script, &["anna\ncarl\n"]);
        });
    });
}

#[test]
fn a_line_in_time_has_no_mark() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", TWO_WRITE, |rec| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let (journal, script) = journal(rec);
            let deadline = Deadline::new(rec);
            let mut first = Task::named(rec, "first", journal.write("anna"));
            let mut second = Task::named(
                rec,
                "second",
                journal.write_before(deadline.future(), "bert"),
            );
            stuck(&script);
            pending(rec, first.poll(&a), WRITES);
            pending(rec, second.poll(&b), QUEUED);
            room(&script);
            must_be_ok(rec, &ready(rec, first.poll(&a), ROOM));
            must_go_on(
                rec,
                "lost-wakeup",
                (&mut second, &b),
                "the line of `first` is over, and `second` waited for that with a deadline that has not come",
            );
            must_be_written(rec, &script, &["anna\nbert\n"]);
        });
    });
}

#[test]
fn a_line_that_is_begun_is_brought_to_an_end() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", LATE, |rec| {
            let a = rec.waker("A");
            let (journal, script) = journal(rec);
            let deadline = Deadline::new(rec);
            let line = journal.write_before(deadline.future(), "anna");
            let mut only = Task::named(rec, "only", line);
            stuck(&script);
            pending(rec, only.poll(&a), WRITES);
            deadline.comes();
            let outcome = only.poll(&a);
            if script.waiting().1 {
                // Still in the middle of a line, whichever.
                pending(rec, outcome, WRITES);
                room(&script);
                match only.poll(&a) {
                    Poll::Ready(written) => must_be_ok(rec, &written),
                    Poll::Pending => only_waits_for_itself(rec),
                }
            } else if outcome.is_pending() && rec.wakes_since_note("A") == 0 {
                only_waits_for_itself(rec);
            }
            must_be_written(rec, &script, &["anna\n"]);
        });
    });
}

fn only_waits_for_itself(rec: &Recorder) -> ! {
    rec.fail(
        "futurelock",
        "the deadline came in the middle of the line; nobody else writes, and now it waits for a lock that a \
         future of its own has",
    )
}

/// `first` is in the middle of its line, and `late` has waited for longer than until its deadline.
macro_rules! one_is_late {
    ($rec:ident, $journal:ident, $script:ident => $first:ident, $late:ident, $a:ident, $b:ident) => {
        let ($journal, $script) = journal($rec);
        let ($a, $b) = ($rec.waker("A"), $rec.waker("B"));
        let deadline = Deadline::new($rec);
        let mut $first = Task::named($rec, "first", $journal.write("anna"));
        let line = $journal.write_before(deadline.future(), "bert");
        let mut $late = Task::named($rec, "late", line);
        stuck(&$script);
        pending($rec, $first.poll(&$a), WRITES);
        pending($rec, $late.poll(&$b), QUEUED);
        deadline.comes();
        $rec.must_wake("B", "its deadline has come");
        match $late.poll(&$b) {
            Poll::Pending => {}
            Poll::Ready(_) => $rec.fail(
                "wrong-value",
                "the deadline came while `late` waited for its turn, and it ended without writing its line",
            ),
        }
    };
}

const BEHIND_ITSELF: &str = "the deadline came while `late` waited for the lock; the line before is over, the lock was \
                             given to a future of `late` that it does not poll any more";

#[test]
fn a_line_that_is_late_comes_with_a_mark() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", LATE, |rec| {
            one_is_late!(rec, journal, script => first, late, a, b);
            room(&script);
            must_be_ok(rec, &ready(rec, first.poll(&a), ROOM));
            must_go_on(rec, "futurelock", (&mut late, &b), BEHIND_ITSELF);
            must_be_written(rec, &script, &["anna\nbert (late)\n"]);
            must_count(rec, &journal, 2);
        });
    });
}

#[test]
fn one_who_is_late_keeps_nobody_waiting() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", LATE, |rec| {
            one_is_late!(rec, journal, script => first, late, a, b);
            let (mut third, c) = (
                Task::named(rec, "third", journal.write("carl")),
                rec.waker("C"),
            );
            pending(rec, third.poll(&c), QUEUED);
            room(&script);
            must_be_ok(rec, &ready(rec, first.poll(&a), ROOM));
            // In whatever order: who is woken goes on.
            let (mut late_waits, mut third_waits) = (true, true);
            for _ in 0..2 {
                let before = (late_waits, third_waits);
                if late_waits && rec.wakes_since_note("B") > 0 {
                    late_waits = late.poll(&b).is_pending();
                }
                if third_waits && rec.wakes_since_note("C") > 0 {
                    third_waits = third.poll(&c).is_pending();
                }
                if before == (late_waits, third_waits) {
                    break;
                }
            }
            if late_waits || third_waits {
                rec.fail("futurelock", format!("{BEHIND_ITSELF}, and nobody goes on"));
            }
            must_be_written(
                rec,
                &script,
                &["anna\nbert (late)\ncarl\n", "anna\ncarl\nbert (late)\n"],
            );
        });
    });
}

/// With the mark or without it, where both are right.
fn must_be_written_late_or_not(rec: &Recorder, script: &Script, before: &str) {
    let orders = ["bert\n", "bert (late)\n"].map(|line| format!("{before}{line}"));
    must_be_written(rec, script, &orders.each_ref().map(String::as_str));
}

#[test]
fn a_deadline_and_the_journal_may_come_at_the_same_moment() {
    grade_race!(LOCK_ACROSS_AWAIT, |rec| {
        on_one_thread(rec, "lock-across-await", LATE, |rec| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            {
                rec.note("the journal is free, and the deadline has passed");
                let (journal, script) = journal(rec);
                let deadline = Deadline::new(rec);
                deadline.comes();
                let line = journal.write_before(deadline.future(), "bert");
                let outcome = Task::named(rec, "only", line).poll(&b);
                if outcome.is_pending() {
                    only_waits_for_itself(rec);
                }
                must_be_ok(rec, &ready(rec, outcome, "the journal is free"));
                must_be_written_late_or_not(rec, &script, "");
                must_count(rec, &journal, 1);
            }
            rec.note("another journal");
            let (journal, script) = journal(rec);
            let deadline = Deadline::new(rec);
            let mut first = Task::named(rec, "first", journal.write("anna"));
            let line = journal.write_before(deadline.future(), "bert");
            let mut second = Task::named(rec, "second", line);
            stuck(&script);
            pending(rec, first.poll(&a), WRITES);
            pending(rec, second.poll(&b), QUEUED);
            room(&script);
            must_be_ok(rec, &ready(rec, first.poll(&a), ROOM));
            deadline.comes();
            must_go_on(rec, "futurelock", (&mut second, &b), BOTH_AT_ONCE);
            must_be_written_late_or_not(rec, &script, "anna\n");
            must_count(rec, &journal, 2);
        });
    });
}

const BOTH_AT_ONCE: &str =
    "the line before was over, and then the deadline came, both before `second` was polled";

#[test]
fn the_futures_may_move_between_threads() {
    grade!(LOCK_ACROSS_AWAIT, |rec| {
        let (journal, _script) = journal(rec);
        let write = journal.write("anna");
        let before = journal.write_before(std::future::ready(()), "bert");
        for (name, sendable) in [
            ("write", is_send!(&write)),
            ("write_before", is_send!(&before)),
        ] {
            if !sendable {
                rec.fail_reading(
                    "a-lock-across-an-await",
                    "not-send",
                    format!("the future of `{name}` has something in it, across an await, that is not `Send`"),
                );
            }
        }
    });
}
