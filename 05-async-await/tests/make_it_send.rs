//! The grader of `make_it_send`: three futures that may go on on another thread, and still do what they did.

// Here, and in the file under test: an `unsafe impl Send` would mend nothing.
#![forbid(unsafe_code)]

#[allow(unreachable_pub)]
mod support {
    pub mod inside;
}

// The file under test is a module of this program: what is public there is used here alone.
#[allow(unreachable_pub)]
#[cfg_attr(feature = "my-make-it-send", path = "../exercises/make_it_send.rs")]
#[cfg_attr(
    not(feature = "my-make-it-send"),
    path = "../../tests/solutions/05-async-await/make_it_send/reference.rs"
)]
mod make_it_send;

use std::{
    fmt::Debug,
    panic::resume_unwind,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
    thread,
};

use course::{Child, Exercise, Recorder, Task, grade, grade_race};
use executor::{ThreadPool, block_on};
use make_it_send::{begin, pass_on, report, sign};
use support::inside::poll;

const MAKE_IT_SEND: Exercise = course::exercise!(
    "make_it_send",
    stage = "05-async-await",
    feature = "my-make-it-send"
);

/// What a report waits for.
const BOTH: &str = "both have come";

/// A future as a pool takes it: any of its threads may poll it.
fn of_a_pool<F>(rec: &Recorder, future: F) -> Task<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    Task::new(rec, future)
}

fn must_be<T: Debug + PartialEq>(rec: &Recorder, outcome: Poll<T>, value: T) {
    match outcome {
        Poll::Ready(output) if output == value => {}
        Poll::Ready(output) => rec.fail(
            "wrong-value",
            format!("it is ready with {output:?}, and not with {value:?}"),
        ),
        Poll::Pending => rec.fail(
            "never-ready",
            "all that it waits for has happened, and it is still pending",
        ),
    }
}

fn must_wait<T>(rec: &Recorder, outcome: &Poll<T>, what: &str) {
    if outcome.is_ready() {
        rec.fail("early-ready", format!("it is ready before {what}"));
    }
}

/// Does it on another thread, and waits for that.
fn elsewhere(act: impl FnOnce() + Send) {
    thread::scope(|scope| {
        if let Err(panic) = scope.spawn(act).join() {
            resume_unwind(panic);
        }
    });
}

fn book() -> Arc<Mutex<Vec<String>>> {
    Arc::new(Mutex::new(vec!["Grace".into()]))
}

/// The names in the book, which nobody may keep to himself now.
fn names(rec: &Recorder, book: &Mutex<Vec<String>>) -> Vec<String> {
    match book.try_lock() {
        Ok(names) => names.clone(),
        Err(error) => rec.fail(
            "lock-across-await",
            format!("the future waits for the door, and the book is locked ({error})"),
        ),
    }
}

#[test]
fn reports_what_the_two_have_brought() {
    grade!(MAKE_IT_SEND, |rec| {
        let (first, second) = (
            Child::<Waker, usize>::new(rec, "first"),
            Child::new(rec, "second"),
        );
        let a = rec.waker("A");
        let mut task = of_a_pool(rec, report(first.future(), second.future()));
        must_wait(rec, &poll(rec, &mut task, &a), BOTH);
        if second.polls() > 0 {
            let seen = "the second download is begun before the first has come: it is to wait for one after the other";
            rec.fail("wrong-value", seen);
        }
        first.finish(12);
        rec.must_wake("A", "the first has come");
        must_wait(rec, &poll(rec, &mut task, &a), BOTH);
        second.finish(30);
        rec.must_wake("A", "the second has come");
        let lines = vec!["first: 12 bytes".into(), "second: 30 bytes".into()];
        must_be(rec, poll(rec, &mut task, &a), lines);
    });
}

#[test]
fn a_report_takes_its_lines_along() {
    grade!(MAKE_IT_SEND, |rec| {
        let (first, second) = (
            Child::<Waker, usize>::new(rec, "first"),
            Child::new(rec, "second"),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut task = of_a_pool(rec, report(first.future(), second.future()));
        must_wait(rec, &poll(rec, &mut task, &a), BOTH);
        first.finish(12);
        must_wait(rec, &poll(rec, &mut task, &a), BOTH);
        rec.note("the task moves to another thread");
        elsewhere(|| {
            must_wait(rec, &poll(rec, &mut task, &b), BOTH);
            second.finish(30);
            rec.must_wake("B", "the second has come");
            let lines = vec!["first: 12 bytes".into(), "second: 30 bytes".into()];
            must_be(rec, poll(rec, &mut task, &b), lines);
        });
    });
}

/// The numbers that were sent.
type Numbers = Arc<Mutex<Vec<u32>>>;

/// A `pass_on` of this line, and where the number goes.
fn passing_on(
    rec: &Recorder,
    line: &str,
    sent: &Child<Waker, ()>,
) -> (
    Task<impl Future<Output = Result<(), String>> + use<>>,
    Numbers,
) {
    let (numbers, sent) = (Arc::new(Mutex::new(Vec::new())), sent.future());
    let seen = Arc::clone(&numbers);
    let send = move |number| {
        seen.lock().expect("nobody panics with it").push(number);
        sent
    };
    (of_a_pool(rec, pass_on(line.into(), send)), numbers)
}

fn must_have_sent(rec: &Recorder, numbers: &Numbers, expected: &[u32]) {
    let numbers = numbers.lock().expect("nobody panics with it").clone();
    if numbers != expected {
        rec.fail(
            "wrong-value",
            format!("it has sent {numbers:?}, and not {expected:?}"),
        );
    }
}

#[test]
fn passes_a_number_on_and_waits_until_it_is_sent() {
    grade!(MAKE_IT_SEND, |rec| {
        let sent = Child::new(rec, "sending");
        let a = rec.waker("A");
        let (mut task, numbers) = passing_on(rec, " 42 ", &sent);
        must_wait(rec, &poll(rec, &mut task, &a), "the number is sent");
        must_have_sent(rec, &numbers, &[42]);
        sent.finish(());
        rec.must_wake("A", "the number is sent");
        must_be(rec, poll(rec, &mut task, &a), Ok(()));
    });
}

#[test]
fn says_what_is_wrong_with_a_line() {
    grade!(MAKE_IT_SEND, |rec| {
        let a = rec.waker("A");
        for (line, error) in [
            ("forty-two", "invalid digit found in string"),
            ("0", "there is nothing to send"),
        ] {
            let sent = Child::new(rec, "sending");
            let (mut task, numbers) = passing_on(rec, line, &sent);
            must_be(rec, poll(rec, &mut task, &a), Err(error.into()));
            must_have_sent(rec, &numbers, &[]);
        }
    });
}

#[test]
fn signs_before_it_waits() {
    grade!(MAKE_IT_SEND, |rec| {
        let (book, door) = (book(), Child::new(rec, "door"));
        let (a, open) = (rec.waker("A"), "the door is open");
        let mut task = of_a_pool(rec, sign(Arc::clone(&book), "Ada".into(), door.future()));
        must_wait(rec, &poll(rec, &mut task, &a), open);
        let names = names(rec, &book);
        if names != ["Grace", "Ada"] {
            rec.fail(
                "wrong-value",
                format!("while it waits for the door, the book holds {names:?}"),
            );
        }
        book.lock()
            .expect("nobody panics with it")
            .push("Edsger".into());
        door.finish(());
        rec.must_wake("A", open);
        must_be(rec, poll(rec, &mut task, &a), 2);
    });
}

#[test]
fn a_call_alone_does_nothing() {
    grade_race!(MAKE_IT_SEND, |rec| {
        let (book, door) = (book(), Child::<Waker, ()>::new(rec, "door"));
        let signing = of_a_pool(rec, sign(Arc::clone(&book), "Ada".into(), door.future()));
        let names = names(rec, &book);
        if names != ["Grace"] {
            let seen = format!(
                "`sign` was called and its future not polled, and the book holds {names:?}"
            );
            rec.fail("eager", seen);
        }
        drop(signing);
        let (task, numbers) = passing_on(rec, "42", &Child::new(rec, "sending"));
        let numbers = numbers.lock().expect("nobody panics with it").clone();
        if !numbers.is_empty() {
            let seen = format!(
                "`pass_on` was called and its future not polled, and it has sent {numbers:?}"
            );
            rec.fail("eager", seen);
        }
        drop(task);
    });
}

#[test]
fn two_guests_of_one_name_have_two_places() {
    grade_race!(MAKE_IT_SEND, |rec| {
        let (book, a) = (book(), rec.waker("A"));
        let mut guests = Vec::new();
        for place in [2, 3] {
            let door = Child::new(rec, "door");
            let mut task = of_a_pool(rec, sign(Arc::clone(&book), "Ada".into(), door.future()));
            must_wait(rec, &poll(rec, &mut task, &a), "the door is open");
            guests.push((task, door, place));
        }
        rec.note("two guests of the same name have signed");
        for (task, door, place) in &mut guests {
            door.finish(());
            must_be(rec, poll(rec, task, &a), *place);
        }
    });
}

#[test]
fn goes_on_on_another_thread() {
    grade!(MAKE_IT_SEND, lesson, |rec| {
        let (book, door) = (book(), Child::new(rec, "door"));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut task = of_a_pool(rec, sign(book, "Ada".into(), door.future()));
        must_wait(rec, &poll(rec, &mut task, &a), "the door is open");
        rec.note("the task moves to another thread");
        elsewhere(|| {
            must_wait(rec, &poll(rec, &mut task, &b), "the door is open");
            door.finish(());
            rec.must_wake("B", "the door is open");
            must_be(rec, poll(rec, &mut task, &b), 2);
        });
    });
}

#[test]
fn a_pool_runs_all_three() {
    grade_race!(MAKE_IT_SEND, |rec| {
        let pool = ThreadPool::new(2);
        let book = book();
        let begun = {
            let book = Arc::clone(&book);
            pool.spawn(async move { begin(book) })
        };
        let outputs = block_on(async {
            let (report, passed_on, signed) = begun.await.expect("`begin` does not panic");
            (report.await, passed_on.await, signed.await)
        });
        rec.note("the pool has run all three tasks");
        let (report, passed_on, signed) = outputs;
        let errors = [
            report.as_ref().err(),
            passed_on.as_ref().err(),
            signed.as_ref().err(),
        ];
        if let Some(error) = errors.into_iter().flatten().next() {
            rec.fail("panicked", format!("a task ended with an error: {error}"));
        }
        let lines = vec!["first: 3 bytes".into(), "second: 4 bytes".into()];
        must_be(rec, Poll::Ready(report.ok()), Some(lines));
        must_be(rec, Poll::Ready(passed_on.ok()), Some(Ok(())));
        must_be(rec, Poll::Ready(signed.ok()), Some(2));
    });
}
