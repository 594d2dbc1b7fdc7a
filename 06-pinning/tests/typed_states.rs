//! The grader of `typed_states`: the right turns, by a conversation; the wrong ones, by asking the compiler which methods
//! each state has.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod signatures;
    pub mod statically;
    pub mod talk;
    pub mod turns;
}

use std::{any::type_name_of_val, io};

use course::{Exercise, Recorder, grade};
use executor::block_on;
use pinning::typed_states::{Asked, Connected, Idle, Session};
use support::{
    statically::{Otherwise as _, Statically},
    talk::Wire,
    turns::must_have_no_other_turn,
};

const TYPED_STATES: Exercise = course::exercise!(
    "typed_states",
    stage = "06-pinning",
    feature = "my-typed-states"
);

/// The file that is graded, as text.
#[cfg(feature = "my-typed-states")]
const SOURCE: &str = include_str!("../exercises/typed_states.rs");
#[cfg(not(feature = "my-typed-states"))]
const SOURCE: &str = include_str!("../src/typed_states.rs");

/// Methods that everything has: a type's own are found before these.
#[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
trait Missing {
    fn new(&self) {}
    fn greeting(&self) {}
    fn ask(&self) {}
    fn answer(&self) {}
    fn quit(&self) {}
}

impl<T> Missing for T {}

/// Whether `Session` in this state has this method itself.
macro_rules! has {
    ($state:ty, $method:ident) => {
        !type_name_of_val(&Session::<Wire, $state>::$method).contains("Missing")
    };
}

fn must_be<T: PartialEq + std::fmt::Debug>(rec: &Recorder, what: &str, found: T, right: T) {
    if found != right {
        rec.fail(
            "wrong-value",
            format!("{what}: {found:?}, and {right:?} is right"),
        );
    }
    rec.note(format!("{what}: {found:?}"));
}

/// What a step gives that should not fail.
fn done<T>(rec: &Recorder, step: &str, outcome: io::Result<T>) -> T {
    outcome.unwrap_or_else(|error| {
        rec.fail(
            "wrong-value",
            format!("`{step}` gave the error `{error}`, and nothing has gone wrong"),
        )
    })
}

#[test]
fn goes_from_the_greeting_to_the_end() {
    grade!(TYPED_STATES, lesson, |rec| {
        let (wire, heard) = Wire::to("hello\n42\n43\n");
        let session = Session::new(wire);
        let (greeting, session) = done(rec, "greeting", block_on(session.greeting()));
        must_be(rec, "greeting", greeting.as_str(), "hello");
        let session = done(rec, "ask", block_on(session.ask("how many?")));
        if heard.text.borrow().is_empty() {
            rec.fail(
                "not-flushed",
                "the question was asked, and the other side has not heard it: it was not flushed",
            );
        }
        let (answer, session) = done(rec, "answer", block_on(session.answer()));
        must_be(rec, "answer", answer.as_str(), "42");
        let session = done(rec, "ask", block_on(session.ask("and now?")));
        let (answer, session) = done(rec, "answer", block_on(session.answer()));
        must_be(rec, "answer", answer.as_str(), "43");
        done(rec, "quit", block_on(session.quit()));
        must_be(
            rec,
            "the other side has heard",
            heard.text.take().as_str(),
            "how many?\nand now?\n",
        );
        if !*heard.is_closed.borrow() {
            rec.fail(
                "wrong-close",
                "`quit` has ended the conversation, and the connection was not closed",
            );
        }
    });
}

#[test]
fn wrong_turns_do_not_compile() {
    grade!(TYPED_STATES, |rec| {
        let turns = [
            ("Connected", "new", has!(Connected, new), true),
            ("Idle", "new", has!(Idle, new), false),
            ("Asked", "new", has!(Asked, new), false),
            ("Connected", "greeting", has!(Connected, greeting), true),
            ("Connected", "ask", has!(Connected, ask), false),
            ("Connected", "answer", has!(Connected, answer), false),
            ("Connected", "quit", has!(Connected, quit), false),
            ("Idle", "greeting", has!(Idle, greeting), false),
            ("Idle", "ask", has!(Idle, ask), true),
            ("Idle", "answer", has!(Idle, answer), false),
            ("Idle", "quit", has!(Idle, quit), true),
            ("Asked", "greeting", has!(Asked, greeting), false),
            ("Asked", "ask", has!(Asked, ask), false),
            ("Asked", "answer", has!(Asked, answer), true),
            ("Asked", "quit", has!(Asked, quit), false),
        ];
        for (state, method, is_there, should_be) in turns {
            match (is_there, should_be) {
                (true, false) => rec.fail(
                    "wrong-turn-compiles",
                    format!("a `Session<_, {state}>` has the method `{method}`: to call it there is a mistake that compiles"),
                ),
                (false, true) => rec.fail(
                    "missing-turn",
                    format!("a `Session<_, {state}>` has no method `{method}`, which is what comes next there"),
                ),
                _ => {}
            }
        }
        must_have_no_other_turn(rec, SOURCE);
        rec.note("each state has its own steps, and no others");
    });
}

#[test]
fn there_is_one_session_to_a_connection() {
    grade!(TYPED_STATES, |rec| {
        if Statically::<Session<(), Idle>>::CLONE {
            rec.fail(
                "wrong-turn-compiles",
                "a session can be cloned: with a clone, one asks twice without an answer",
            );
        }
        rec.note("it cannot be cloned");
    });
}

#[test]
fn states_weigh_nothing() {
    grade!(TYPED_STATES, |rec| {
        let sizes = [
            size_of::<Session<Wire, Connected>>(),
            size_of::<Session<Wire, Idle>>(),
            size_of::<Session<Wire, Asked>>(),
        ];
        if sizes.iter().any(|size| *size != sizes[0]) {
            rec.fail("wasted-room", format!("a session has {sizes:?} bytes in its three states: the state is to be a type, and nothing at run time"));
        }
        rec.note("all states have one size");
    });
}

#[test]
fn an_end_in_the_middle_is_an_error() {
    grade!(TYPED_STATES, |rec| {
        let ends = |step: &str, outcome: io::Result<String>| {
            match outcome {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                rec.note(format!("{step}: UnexpectedEof"));
            }
            other => rec.fail(
                "end-forgotten",
                format!("the other side went before it said a line, and `{step}` gave {other:?} instead of the error `UnexpectedEof`"),
            ),
        }
        };
        let (wire, _) = Wire::to("");
        let greeting = block_on(Session::new(wire).greeting());
        ends("greeting", greeting.map(|(text, _)| text));
        let (wire, _) = Wire::to("hello\n");
        let (_, session) = done(rec, "greeting", block_on(Session::new(wire).greeting()));
        let session = done(rec, "ask", block_on(session.ask("how many?")));
        ends("answer", block_on(session.answer()).map(|(text, _)| text));
    });
}

#[test]
fn an_error_of_the_connection_comes_through() {
    grade!(TYPED_STATES, |rec| {
        let fails = |step: &str, outcome: io::Result<()>| match outcome {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                rec.note(format!("{step}: BrokenPipe"));
            }
            other => rec.fail(
                "swallowed-error",
                format!(
                    "the connection is broken, and `{step}` gave {other:?} instead of its error"
                ),
            ),
        };
        let greeted = || {
            let session = Session::new(Wire::broken("hello\n"));
            done(rec, "greeting", block_on(session.greeting())).1
        };
        let session = Session::new(Wire::broken(""));
        fails("greeting", block_on(session.greeting()).map(drop));
        fails("ask", block_on(greeted().ask("how many?")).map(drop));
        fails("quit", block_on(greeted().quit()));
    });
}
