//! Grades one exercise: the learner's file, any other file in its place, or the reference.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::{
    cache::Slot,
    document::{ExerciseReport, Verdict},
    exercise::{Exercise, Kind},
    files, gallery,
    graded::Graded,
    prepare::{Prepared, in_place},
    progress, scratch,
    session::Session,
    suite,
};

/// Whose work is graded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// The file in `exercises/`.
    Learner,
    /// Another file, as if it were that one.
    File(&'a Path),
    /// The course's own answer.
    Reference,
}

/// Grades one exercise.
pub(crate) fn grade(
    session: &Session,
    exercise: &Exercise,
    subject: Subject<'_>,
) -> anyhow::Result<Graded> {
    let name = match subject {
        Subject::Learner => exercise.file(),
        Subject::Reference => exercise.reference(),
        Subject::File(file) => file.display().to_string(),
    };
    if let Subject::Reference = subject {
        return build_and_run(session, exercise, subject, name);
    }
    let path = match subject {
        Subject::File(file) => file.to_path_buf(),
        _ => session.workspace.root.join(&name),
    };
    let content = match fs::read(&path) {
        Ok(content) => content,
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound
                && matches!(subject, Subject::Learner) =>
        {
            let message = format!(
                "{name} is missing; `cargo xtask reset {}` restores it",
                exercise.name
            );
            return Ok(Graded::without_run(
                exercise,
                name,
                Verdict::DoesNotCompile,
                Some(message),
            ));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if is_skeleton(session, exercise, &content)? {
        return Ok(Graded::without_run(
            exercise,
            name,
            Verdict::NotStarted,
            None,
        ));
    }
    let slot = Slot::of(session, exercise, &content)?;
    if let Some(report) = slot.get() {
        let report = ExerciseReport {
            file: name,
            ..report
        };
        return Ok(Graded::known(report));
    }
    let graded = build_and_run(session, exercise, subject, name)?;
    // The compiler may have read another version of the file than the one that the slot is for.
    if fs::read(&path).is_ok_and(|now| now == content) {
        slot.put(&graded.report);
    }
    Ok(graded)
}

/// What is wrong with a file that was given to be mended: the exercise begins with that.
pub(crate) fn not_started(session: &Session, exercise: &Exercise) -> anyhow::Result<Graded> {
    let mut graded = build_and_run(session, exercise, Subject::Learner, exercise.file())?;
    graded.report.verdict = Verdict::NotStarted;
    Ok(graded)
}

/// Whether this is still what the learner was given.
pub(crate) fn is_skeleton(
    session: &Session,
    exercise: &Exercise,
    content: &[u8],
) -> anyhow::Result<bool> {
    let skeleton = files::read(&session.workspace.root.join(exercise.skeleton()))?;
    Ok(files::unix_lines(content) == files::unix_lines(&skeleton))
}

/// Whether the learner's file is still the skeleton.
pub(crate) fn is_untouched(session: &Session, exercise: &Exercise) -> anyhow::Result<bool> {
    match fs::read(session.workspace.root.join(exercise.file())) {
        Ok(content) => is_skeleton(session, exercise, &content),
        Err(_) => Ok(false),
    }
}

/// Whether the learner's file is known to pass from an earlier run. Nothing is built.
pub(crate) fn known_pass(session: &Session, exercise: &Exercise) -> anyhow::Result<bool> {
    let Ok(content) = fs::read(session.workspace.root.join(exercise.file())) else {
        return Ok(false);
    };
    Ok(Slot::of(session, exercise, &content)?.get().is_some())
}

fn build_and_run(
    session: &Session,
    exercise: &Exercise,
    subject: Subject<'_>,
    name: String,
) -> anyhow::Result<Graded> {
    progress::step(&format!("building {}", exercise.name));
    let file = match subject {
        Subject::File(file) => std::path::absolute(file)?,
        _ => session.workspace.root.join(&name),
    };
    let prepared = match (subject, exercise.kind) {
        _ if exercise.is_gallery() => gallery::judge(session, exercise, &file)?,
        // A prediction is read when the grader runs; there is nothing of the learner's to build.
        (Subject::Reference, _) | (_, Kind::Predict) => in_place(session, exercise, false)?,
        (Subject::Learner, _) => in_place(session, exercise, true)?,
        (Subject::File(_), _) => scratch::one(session, exercise, &file)?,
    };
    let mut grader = match prepared {
        Prepared::Ready(grader) => grader,
        Prepared::Rejected(rejection) => return Ok(Graded::rejected(exercise, name, &rejection)),
        Prepared::Judged(tests) => return Ok(Graded::of(exercise, name, tests)),
    };
    if exercise.kind == Kind::Predict {
        grader.prediction = Some(file);
    }
    progress::step(&format!("running {}", exercise.name));
    let tests = suite::run(session, &exercise.folder, &grader, &exercise.tests)?;
    Ok(Graded::of(exercise, name, tests))
}
