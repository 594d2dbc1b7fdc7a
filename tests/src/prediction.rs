//! *predict* exercises: a trace that was written down before the run, against the run.

use std::{env, fs, path::PathBuf};

use crate::{exercise::Exercise, recorder::Recorder};

/// The environment variable with the file to grade. Unset: the reference.
pub const PREDICTION_FILE: &str = "COURSE_PREDICTION";

/// The lines of the prediction that say something: without comments (`#`) and empty lines, with
/// spaces folded, and with `->` for those whose keyboard has no arrow.
pub fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.replace("->", "→"))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
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
    let actual = lines(&recorder.canonical());
    if predicted.is_empty() {
        recorder.fail(
            "no-prediction",
            "the file holds no line that is not a comment",
        );
    }
    for (index, happened) in actual.iter().enumerate() {
        let number = index + 1;
        match predicted.get(index) {
            Some(line) if line == happened => {}
            Some(line) => recorder.fail(
                "wrong-prediction",
                format!("the first {index} lines are right; line {number} says `{line}`, and that is not what happens next"),
            ),
            None => recorder.fail(
                "wrong-prediction",
                format!("all {index} lines are right, and the run goes on after them"),
            ),
        }
    }
    if let Some(line) = predicted.get(actual.len()) {
        recorder.fail(
            "wrong-prediction",
            format!(
                "the run ends after {} lines, all of them right; `{line}` never happens",
                actual.len()
            ),
        );
    }
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
    use super::lines;

    #[test]
    fn comments_spaces_and_arrows_do_not_matter() {
        let typed = "# my guess\r\n\r\n  poll(A)   ->  Pending\r\n";
        assert_eq!(lines(typed), ["poll(A) → Pending"]);
    }
}
