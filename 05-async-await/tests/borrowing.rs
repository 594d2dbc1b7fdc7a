//! The grader of `borrowing`: futures that own what they use, and let go of it.

// Here, and in the file under test: a longer lifetime cannot be had by pretending.
#![forbid(unsafe_code)]

#[allow(unreachable_pub)]
mod support {
    pub mod inside;
}

// The file under test is a module of this program: what is public there is used here alone.
#[allow(unreachable_pub)]
#[cfg_attr(feature = "my-borrowing", path = "../exercises/borrowing.rs")]
#[cfg_attr(
    not(feature = "my-borrowing"),
    path = "../../tests/solutions/05-async-await/borrowing/reference.rs"
)]
mod borrowing;

use std::{
    fmt::{self, Display},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Poll, Waker},
};

use borrowing::{greet, greet_all};
use course::{Child, Exercise, Recorder, Task, grade, grade_race, memory};
use executor::{Executor, JoinHandle, block_on, new_executor_and_spawner};
use support::inside::poll;

const BORROWING: Exercise = course::exercise!(
    "borrowing",
    stage = "05-async-await",
    feature = "my-borrowing"
);

/// More turns than any of the programs here needs.
const TURNS: usize = 100;

/// A text that cannot be cloned, and whose end is noticed.
struct Text {
    text: &'static str,
    is_gone: Arc<AtomicBool>,
}

impl Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text)
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        self.is_gone.store(true, SeqCst);
    }
}

/// A text, and what tells whether it is gone.
fn text(text: &'static str) -> (Text, Gone) {
    let is_gone = Arc::new(AtomicBool::new(false));
    let gone = Gone(Arc::clone(&is_gone));
    (Text { text, is_gone }, gone)
}

struct Gone(Arc<AtomicBool>);

impl Gone {
    fn must_be(&self, rec: &Recorder, when: &str) {
        if !self.0.load(SeqCst) {
            let seen = format!("{when}, and what it was given was never dropped");
            rec.fail("leaked-for-ever", seen);
        }
    }
}

/// How many bytes the text of a [`Long`] has.
const LONG: usize = 4 << 20;

/// Held by whoever looks at the memory of the process.
static MEMORY: Mutex<()> = Mutex::new(());

/// A text of which each copy that stays shows in what the process has in memory.
struct Long;

impl Display for Long {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PIECE: &str = "0123456789abcdef0123456789abcdef";
        (0..LONG / PIECE.len()).try_for_each(|_| formatter.write_str(PIECE))
    }
}

/// The rule that no copy of a long text stays: other tests of the process take much less than that.
fn nothing_may_stay(rec: &Recorder, in_use_before: usize, when: &str) {
    let left = memory::in_use().saturating_sub(in_use_before);
    if left > LONG / 2 {
        let seen = format!(
            "{when}, and {} MiB are still in memory: a copy of its text was leaked",
            left >> 20
        );
        rec.fail("leaked-for-ever", seen);
    }
}

fn must_wait<T>(rec: &Recorder, outcome: &Poll<T>) {
    if outcome.is_ready() {
        rec.fail("early-ready", "it greets before the door is open");
    }
}

fn must_say(rec: &Recorder, outcome: Poll<String>, greeting: &str) {
    match outcome {
        Poll::Ready(said) if said == greeting => {}
        Poll::Ready(said) => rec.fail(
            "wrong-value",
            format!("it says {said:?}, and not {greeting:?}"),
        ),
        Poll::Pending => rec.fail(
            "never-ready",
            "the door is open, and the greeting is still pending",
        ),
    }
}

#[test]
fn greets_by_name_once_the_door_opens() {
    grade!(BORROWING, lesson, |rec| {
        let (door, (name, _)) = (Child::<Waker, ()>::new(rec, "door"), text("Ada"));
        let a = rec.waker("A");
        let mut greeting = Task::new(rec, greet(name, door.future()));
        must_wait(rec, &poll(rec, &mut greeting, &a));
        door.finish(());
        rec.must_wake("A", "the door is open");
        must_say(rec, poll(rec, &mut greeting, &a), "Hello, Ada!");
    });
}

#[test]
fn the_name_goes_with_a_greeting_that_is_done() {
    grade!(BORROWING, |rec| {
        let (door, (name, gone)) = (Child::<Waker, ()>::new(rec, "door").ready(()), text("Ada"));
        let mut greeting = Task::new(rec, greet(name, door.future()));
        let outcome = poll(rec, &mut greeting, &rec.waker("A"));
        must_say(rec, outcome, "Hello, Ada!");
        drop(greeting);
        gone.must_be(rec, "the greeting is done and dropped");
    });
}

#[test]
fn the_name_goes_with_a_greeting_that_is_dropped() {
    grade!(BORROWING, |rec| {
        let (door, (name, gone)) = (Child::<Waker, ()>::new(rec, "door"), text("Ada"));
        let mut greeting = Task::new(rec, greet(name, door.future()));
        must_wait(rec, &poll(rec, &mut greeting, &rec.waker("A")));
        rec.note("the greeting is dropped");
        drop(greeting);
        gone.must_be(rec, "the greeting was dropped while it waited for the door");

        let (never, (name, gone)) = (Child::<Waker, ()>::new(rec, "door"), text("Grace"));
        rec.note("another is dropped unpolled");
        drop(greet(name, never.future()));
        gone.must_be(rec, "the greeting was dropped before its first poll");
    });
}

/// Runs an executor until nothing moves any more.
fn run(executor: &mut Executor) {
    for _ in 0..TURNS {
        executor.turn(TURNS);
    }
}

fn must_all_be_done(rec: &Recorder, tasks: Vec<JoinHandle<String>>, expected: &[&str]) {
    let done = tasks.iter().filter(|task| task.is_finished()).count();
    if tasks.len() != expected.len() {
        let seen = format!("{} guests, and {} tasks", expected.len(), tasks.len());
        rec.fail("wrong-value", seen);
    }
    if done < tasks.len() {
        let seen = format!("of {} tasks {done} come to their end", tasks.len());
        rec.fail("never-ready", seen);
    }
    for (task, greeting) in tasks.into_iter().zip(expected) {
        let said = block_on(task).unwrap_or_else(|error| format!("({error})"));
        must_say(rec, Poll::Ready(said), greeting);
    }
}

#[test]
fn every_guest_has_a_task_of_its_own() {
    grade_race!(BORROWING, |rec| {
        let (mut executor, spawner) = new_executor_and_spawner();
        let (words, _) = text("Welcome");
        let tasks = greet_all(&spawner, words, vec!["Ada".into(), "Grace".into()]);
        if tasks.iter().any(JoinHandle::is_finished) {
            rec.fail("eager", "a guest is greeted before any task has run");
        }
        run(&mut executor);
        must_all_be_done(rec, tasks, &["Welcome, Ada!", "Welcome, Grace!"]);

        let (words, _) = text("Farewell");
        let mut tasks = greet_all(&spawner, words, vec!["Ada".into(), "Grace".into()]);
        tasks.remove(0).abort();
        run(&mut executor);
        must_all_be_done(rec, tasks, &["Farewell, Grace!"]);
    });
}

#[test]
fn the_words_go_with_the_last_task() {
    grade_race!(BORROWING, |rec| {
        let (mut executor, spawner) = new_executor_and_spawner();
        let (words, gone) = text("Welcome");
        let tasks = greet_all(&spawner, words, vec!["Ada".into(), "Grace".into()]);
        run(&mut executor);
        must_all_be_done(rec, tasks, &["Welcome, Ada!", "Welcome, Grace!"]);
        gone.must_be(rec, "every guest is greeted");
    });
}

#[test]
fn the_words_go_with_tasks_that_never_end() {
    grade_race!(BORROWING, |rec| {
        let (executor, spawner) = new_executor_and_spawner();
        let (words, gone) = text("Welcome");
        let tasks = greet_all(&spawner, words, vec!["Ada".into(), "Grace".into()]);
        rec.note("the executor is dropped before a task has run");
        drop(executor);
        drop(tasks);
        gone.must_be(rec, "the tasks were dropped with their executor");

        let (mut executor, spawner) = new_executor_and_spawner();
        let (words, gone) = text("Welcome");
        let tasks = greet_all(&spawner, words, vec!["Edsger".into()]);
        tasks.iter().for_each(JoinHandle::abort);
        run(&mut executor);
        drop(tasks);
        gone.must_be(rec, "the only task was cancelled");
    });
}

#[test]
fn no_copy_of_the_name_stays() {
    grade_race!(BORROWING, |rec| {
        let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let (door, before) = (Child::<Waker, ()>::new(rec, "door"), memory::in_use());
        let mut greeting = Task::new(rec, greet(Long, door.future()));
        must_wait(rec, &poll(rec, &mut greeting, &rec.waker("A")));
        drop(greeting);
        nothing_may_stay(rec, before, "a greeting with a very long name was dropped");
    });
}

#[test]
fn no_copy_of_the_words_stays() {
    grade_race!(BORROWING, |rec| {
        let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let before = memory::in_use();
        let (mut executor, spawner) = new_executor_and_spawner();
        let tasks = greet_all(&spawner, Long, vec!["Ada".into()]);
        run(&mut executor);
        drop(tasks);
        let when = "a guest was greeted with very many words";
        nothing_may_stay(rec, before, when);

        let before = memory::in_use();
        let tasks = greet_all(&spawner, Long, vec!["Grace".into()]);
        drop((executor, tasks));
        let when = "a task with very many words was dropped before it ran";
        nothing_may_stay(rec, before, when);
    });
}
