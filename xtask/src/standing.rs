//! How far the learner is with each exercise. Progress is no file that can be lost: it is what passes.

use std::fs;

use crate::{
    catalogue::Catalogue,
    document::Verdict,
    exercise::Exercise,
    grade::{self, Subject},
    session::Session,
};

/// Grades whatever the learner has touched. Untouched files and known passes cost nothing.
pub(crate) fn of_all(session: &Session) -> anyhow::Result<Vec<(&Exercise, Verdict)>> {
    let mut standing = Vec::new();
    for exercise in session.catalogue.exercises() {
        let graded = grade::grade(session, exercise, Subject::Learner)?;
        standing.push((exercise, graded.report.verdict));
    }
    Ok(standing)
}

/// What is known without building anything: passes from earlier runs, and files that are untouched. Any
/// other file was begun, and counts as failing.
pub(crate) fn known(session: &Session) -> anyhow::Result<Vec<(&Exercise, Verdict)>> {
    let mut standing = Vec::new();
    for exercise in session.catalogue.exercises() {
        let verdict = match fs::read(session.workspace.root.join(exercise.file())) {
            Ok(content) if grade::is_skeleton(session, exercise, &content)? => Verdict::NotStarted,
            _ if grade::known_pass(session, exercise)? => Verdict::Pass,
            _ => Verdict::Fail,
        };
        standing.push((exercise, verdict));
    }
    Ok(standing)
}

/// The exercise to do next: what was begun comes before what was not, in the order of the chapters. That begins
/// with the last stage in which something is solved: whoever skipped one does not have to go back.
pub(crate) fn next<'a>(standing: &[(&'a Exercise, Verdict)]) -> Option<(&'a Exercise, Verdict)> {
    let solved = standing
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Pass);
    let reached = solved
        .map(|(exercise, _)| exercise.stage)
        .max()
        .unwrap_or(0);
    let (here, behind): (Vec<_>, Vec<_>) = standing
        .iter()
        .partition(|(exercise, _)| exercise.stage >= reached);
    let open = |wanted: fn(Verdict) -> bool| {
        let mut order = here.iter().chain(&behind);
        order.find(|(_, verdict)| wanted(*verdict)).copied()
    };
    open(|verdict| !matches!(verdict, Verdict::Pass | Verdict::NotStarted))
        .or_else(|| open(|verdict| verdict == Verdict::NotStarted))
}

/// How many exercises of a stage pass.
pub(crate) fn solved(standing: &[(&Exercise, Verdict)], stage: u8) -> usize {
    let of_stage = standing
        .iter()
        .filter(|(exercise, _)| exercise.stage == stage);
    of_stage
        .filter(|(_, verdict)| *verdict == Verdict::Pass)
        .count()
}

/// Exercises that should be done before this one, and are not solved.
pub(crate) fn missing_before<'a>(
    catalogue: &'a Catalogue,
    standing: &[(&Exercise, Verdict)],
    exercise: &Exercise,
) -> Vec<&'a Exercise> {
    let solved = |name: &str| {
        standing
            .iter()
            .any(|(other, verdict)| other.name == name && *verdict == Verdict::Pass)
    };
    let before = exercise
        .after
        .iter()
        .filter_map(|name| catalogue.exercise(name).ok());
    before.filter(|before| !solved(&before.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::next;
    use crate::{document::Verdict, exercise::Exercise};

    #[test]
    fn the_next_one_lies_where_something_is_solved() {
        let (pass, fail, untouched) = (Verdict::Pass, Verdict::Fail, Verdict::NotStarted);
        assert_eq!(name_of_next(&[untouched; 4]), Some("1a"));
        assert_eq!(
            name_of_next(&[untouched, untouched, pass, untouched]),
            Some("2b")
        );
        assert_eq!(name_of_next(&[untouched, pass, pass, pass]), Some("1a"));
        assert_eq!(
            name_of_next(&[pass, pass, untouched, untouched]),
            Some("2a")
        );
        assert_eq!(
            name_of_next(&[fail, untouched, pass, untouched]),
            Some("1a")
        );
        assert_eq!(name_of_next(&[fail, untouched, pass, fail]), Some("2b"));
        assert_eq!(name_of_next(&[pass; 4]), None);
    }

    /// Of two stages with two exercises each.
    fn name_of_next(verdicts: &[Verdict; 4]) -> Option<&'static str> {
        const NAMES: [(u8, &str); 4] = [(1, "1a"), (1, "1b"), (2, "2a"), (2, "2b")];
        let exercises = NAMES.map(|(stage, name)| {
            let manifest = serde_json::json!({
                "name": name, "kind": "build", "chapter": "", "summary": "", "minutes": 1,
            });
            let exercise = serde_json::from_value(manifest).expect("it has all that it needs");
            Exercise { stage, ..exercise }
        });
        let standing: Vec<_> = exercises.iter().zip(*verdicts).collect();
        let (found, _) = next(&standing)?;
        let index = exercises.iter().position(|one| one.name == found.name)?;
        Some(NAMES[index].1)
    }
}
