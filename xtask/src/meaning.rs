//! What an error of the compiler means, in an exercise that is about such errors.

use course::diagnosis::{Diagnosis, Misconception};

use crate::{exercise::Exercise, message::Message};

/// The errors that have a meaning: the code (that of a future that is not `Send` has none), words that
/// the message contains, and the name of the misconception.
const KNOWN: &[(Option<&str>, &str, &str)] = &[
    (None, "cannot be sent between threads safely", "not-send"),
    (None, "cannot be shared between threads safely", "not-send"),
    (Some("E0277"), "cannot be sent between threads", "not-send"),
    (
        Some("E0277"),
        "cannot be shared between threads",
        "not-send",
    ),
    (Some("E0373"), "", "missing-move"),
    (Some("E0382"), "", "used-after-move"),
    (Some("E0505"), "", "used-after-move"),
    (Some("E0507"), "", "used-after-move"),
    (Some("E0515"), "", "borrowed-too-long"),
    (Some("E0521"), "", "borrowed-too-long"),
    (Some("E0597"), "", "borrowed-too-long"),
    (Some("E0716"), "", "borrowed-too-long"),
    (Some("unsafe_code"), "", "unsafe-way-out"),
    // An `allow` or an `expect` of the lint, which nothing may allow.
    (Some("E0453"), "unsafe_code", "unsafe-way-out"),
];

/// The meaning of the first error that has one.
pub(crate) fn of(exercise: &Exercise, errors: &[&Message]) -> Option<Diagnosis> {
    errors.iter().find_map(|error| {
        let (.., name) = KNOWN.iter().find(|(code, words, _)| {
            error.code.as_deref() == *code && error.text.contains(words)
        })?;
        let seen = across_await(error).unwrap_or_else(|| seen(exercise, error));
        Some(Misconception::find(name).seen(&exercise.folder, seen))
    })
}

/// What of a future is not `Send`, and where it waits with that: the error itself is about the call that asks for
/// `Send`, which is seldom where the mistake is.
fn across_await(error: &Message) -> Option<String> {
    let mut notes = error.notes.iter();
    let note = notes.find(|note| note.text.starts_with("future is not `S"))?;
    let said = |is_primary| {
        let mut places = note.places.iter();
        let place = places.find(|place| place.is_primary == is_primary)?;
        Some((place.line, place.label.as_ref()?))
    };
    let ((made, value), (waits, at_await)) = (said(false)?, said(true)?);
    let asked = error.place()?.line;
    Some(format!(
        "what line {made} makes {value}; line {waits}: {at_await}; and line {asked} asks for a future that is `Send`"
    ))
}

/// The error in one line: where, its code if it has one, its words, and those at the place.
pub(crate) fn seen(exercise: &Exercise, error: &Message) -> String {
    let mut seen = String::new();
    if let Some(place) = error.place() {
        let own = format!("exercises/{}.{}", exercise.name, exercise.extension());
        if !place.file.ends_with(&own) {
            seen.push_str(&format!("{}, ", place.file));
        }
        seen.push_str(&format!("line {}: ", place.line));
    }
    if let Some(code) = &error.code {
        seen.push_str(&format!("{code}, "));
    }
    seen.push_str(&error.text);
    let label = error.place().and_then(|place| place.label.as_ref());
    if let Some(label) = label.filter(|label| **label != error.text) {
        seen.push_str(&format!(" ({label})"));
    }
    seen
}

#[cfg(test)]
mod tests {
    use course::diagnosis;

    use super::KNOWN;

    #[test]
    fn every_meaning_is_a_listed_misconception() {
        for (.., name) in KNOWN {
            let known = diagnosis::ALL.iter().any(|entry| entry.code == *name);
            assert!(known, "{name}");
        }
    }
}
