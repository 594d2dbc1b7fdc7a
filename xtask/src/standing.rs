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
