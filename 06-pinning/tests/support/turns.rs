//! Which turns of a typed conversation the grader cannot call, for it does not know their names.

use course::Recorder;

use super::signatures::{Function, arguments, functions};

/// The rule that no public function takes a session in one state and gives one in another, unless it may have talked to the other
/// side in between: one that is `async`, gives a future, or may fail.
pub fn must_have_no_other_turn(rec: &Recorder, source: &str) {
    for function in functions(source) {
        if let Some((from, to)) = turn(&function) {
            rec.fail(
                "wrong-turn-compiles",
                format!(
                    "`{}` is for everybody, and makes a session in the state `{to}` of one in the state `{from}`, whatever was said",
                    function.signature
                ),
            );
        }
    }
}

/// From which state to which it goes, if it goes to another.
fn turn(function: &Function) -> Option<(String, String)> {
    let output = &function.output;
    let has_talked = ["Future", "Poll", "Result", "Option"];
    let may_talk = function.is("async") || has_talked.iter().any(|word| output.contains(word));
    let is_conversion = function.within.contains("From<Session<");
    if may_talk
        || function.is("unsafe")
        || !(function.is_public() || is_conversion)
        || !function.is_of("Session")
    {
        return None;
    }
    let own = function.within.rsplit(" for ").next()?;
    let takes_self = function.input.contains("self");
    let from = state(if takes_self { own } else { &function.input })?;
    // `Self` is the type that the `impl` is for.
    let to = state(if output.contains("Session<") {
        output
    } else {
        own
    })?;
    let gives_one = output.contains("Session<") || output.contains("Self");
    (gives_one && from != to).then(|| (from.into(), to.into()))
}

/// The state of the session that this text names first.
fn state(text: &str) -> Option<&str> {
    arguments(text, "Session").get(1).copied()
}
