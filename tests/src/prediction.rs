//! *predict* exercises: a trace that was written down before the run, against the run.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use crate::{exercise::Exercise, recorder::Recorder};

/// The environment variable with the file to grade. Unset: the reference.
pub const PREDICTION_FILE: &str = "COURSE_PREDICTION";

/// One line that says something, of a prediction or of a run.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// Its number in the file, from 1: an editor finds it.
    number: usize,
    /// Without indentation, with spaces folded.
    text: String,
}

/// The lines that say something: without comments (`#`) and empty lines, with spaces folded, and with
/// `->` for those whose keyboard has no arrow.
fn lines(text: &str) -> Vec<Line> {
    let fold = |line: &str| {
        let line = line.replace("->", "→");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let numbered = text.lines().map(fold).enumerate();
    numbered
        .map(|(index, text)| Line {
            number: index + 1,
            text,
        })
        .filter(|Line { text, .. }| !text.is_empty() && !text.starts_with('#'))
        .collect()
}

/// The prediction without what a canonical trace leaves out, so that nobody is told off for it: a
/// child that is still pending and is polled once more, and the block which that opens.
fn essential(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::new();
    let mut pending = BTreeSet::new();
    for line in lines {
        if line.text == "→ Pending"
            && let Some(poll) = kept.last_mut()
            && is_poll(&poll.text)
            && !poll.text.contains('→')
        {
            poll.text.push_str(" → Pending");
            continue;
        }
        if let Some((child, outcome)) = line.text.split_once(" → ")
            && !is_poll(child)
        {
            let was_pending = !pending.insert(child.to_owned());
            if outcome != "Pending" {
                pending.remove(child);
            } else if was_pending {
                continue;
            }
        }
        kept.push(line);
    }
    kept
}

fn is_poll(text: &str) -> bool {
    text.contains("poll(")
}

/// Compares the prediction with the run, line by line.
///
/// Fails with `no-prediction` where nothing is written, and with `wrong-prediction` at the first line
/// that differs. What did happen there is not said: that would solve the exercise.
pub fn must_match(recorder: &Recorder, exercise: Exercise) {
    let file = file(exercise);
    let text = fs::read(&file).unwrap_or_else(|error| {
        recorder.fail(
            "no-prediction",
            format!("`{}` cannot be read: {error}", file.display()),
        )
    });
    let predicted = lines(&String::from_utf8_lossy(&text));
    if predicted.is_empty() {
        recorder.fail(
            "no-prediction",
            "the file holds no line that is not a comment",
        );
    }
    let actual = lines(&recorder.canonical());
    if let Some(seen) = first_difference(&essential(predicted), &actual) {
        recorder.fail("wrong-prediction", seen);
    }
}

/// Where the prediction leaves the run, or `None` if it never does.
fn first_difference(predicted: &[Line], actual: &[Line]) -> Option<String> {
    let same = predicted
        .iter()
        .zip(actual)
        .take_while(|(line, happened)| line.text == happened.text)
        .count();
    match (predicted.get(same), actual.get(same)) {
        (None, None) => None,
        (None, Some(_)) => {
            Some("all lines are right so far, but they are not the end of the run".into())
        }
        (Some(Line { number, text }), None) => Some(format!(
            "everything before line {number} is right, and the run is over before that line, `{text}`"
        )),
        (Some(Line { number, text }), Some(happened)) if marks(text) == marks(&happened.text) => {
            Some(format!(
                "line {number} is nearly right: `{text}` differs from what the trace says only in \
                 signs or capital letters"
            ))
        }
        (Some(Line { number, text }), Some(_)) if same == 0 => Some(format!(
            "line {number} says `{text}`, and that is not what happens first"
        )),
        (Some(Line { number, text }), Some(_)) => Some(format!(
            "everything before line {number} is right; line {number} says `{text}`, and that is \
             not what happens next"
        )),
    }
}

/// A line without the marks that are easily got wrong.
fn marks(text: &str) -> String {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn file(exercise: Exercise) -> PathBuf {
    env::var_os(PREDICTION_FILE).map_or_else(
        || {
            [
                exercise.folder,
                "..",
                "tests",
                "solutions",
                exercise.stage,
                exercise.name,
                "reference.txt",
            ]
            .iter()
            .collect()
        },
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use super::{Line, essential, first_difference, lines};

    const RUN: &str =
        "poll(A)\n left → Pending\n right → Ready(2)\n → Pending\npoll(A) → Pending\n";

    #[test]
    fn a_mistake_of_form_is_told_from_one_of_content() {
        let seen = difference("poll(A)\n left → Pending\n right → Ready((2))\n");
        assert!(seen.is_some_and(|seen| seen.contains("line 3 is nearly right")));
    }

    fn difference(prediction: &str) -> Option<String> {
        first_difference(&essential(lines(prediction)), &lines(RUN))
    }

    #[test]
    fn nothing_is_called_right_where_nothing_came_before() {
        let seen = difference("left → Pending\n").expect("the poll begins first");
        assert!(seen.contains("happens first"), "{seen}");
    }

    #[test]
    fn comments_spaces_and_arrows_do_not_matter() {
        let typed = "# my guess\r\n\r\n  poll(A)   ->  Pending\r\n";
        let text = String::from("poll(A) → Pending");
        assert_eq!(lines(typed), [Line { number: 3, text }]);
    }

    #[test]
    fn a_child_that_is_pending_once_more_may_be_left_out_or_not() {
        let fully = RUN.replace(
            "poll(A) → Pending\n",
            "poll(A)\n left → Pending\n → Pending\n",
        );
        assert_eq!(difference(&fully), None);
        assert_eq!(difference(RUN), None);
    }

    #[test]
    fn a_finished_child_that_is_polled_again_is_not_left_out() {
        let wrong = RUN.replace("poll(A) → Pending\n", "poll(A)\n right → Pending\n");
        let seen = difference(&wrong).expect("`right` is finished");
        assert!(seen.contains("line 5"), "{seen}");
    }

    #[test]
    fn a_run_that_is_longer_or_shorter_differs() {
        let short = difference("poll(A)\n").expect("the run goes on");
        assert!(short.contains("not the end"), "{short}");
        let long = difference(&format!("{RUN}wake A\n")).expect("the run is over by then");
        assert!(long.contains("over before that line"), "{long}");
    }
}
