//! Builds a grader where the course lies: on the learner's file, or on the reference.

use crate::{
    cargo,
    exercise::Exercise,
    freshness,
    rejected::{Rejection, rejection},
    sandbox::Grader,
    session::Session,
    verdict::Judged,
};

/// A grader, or why there is none.
pub(crate) enum Prepared {
    /// It can run.
    Ready(Grader),
    /// The compiler does not take it.
    Rejected(Rejection),
    /// There is nothing to run: the compiler has judged it.
    Judged(Vec<Judged>),
}

/// Builds the grader in the main workspace, on the learner's file or on the reference.
pub(crate) fn in_place(
    session: &Session,
    exercise: &Exercise,
    learner: bool,
) -> anyhow::Result<Prepared> {
    let root = &session.workspace.root;
    let mut command = session.workspace.cargo();
    command.args([
        "test",
        "--no-run",
        "--package",
        &exercise.package,
        "--test",
        &exercise.name,
    ]);
    if learner {
        command.args(["--features", &exercise.feature()]);
    }
    let lock = session.lock("build")?;
    if learner {
        freshness::ensure(session, exercise)?;
    }
    let built = cargo::build(command)?;
    let folder = root.join(&exercise.folder);
    let Some(program) = built.program(&folder.join("Cargo.toml"), &exercise.name) else {
        let file = root.join(exercise.file());
        let manifest = folder.join("Cargo.toml");
        let rejection = rejection(session, exercise, &built, &manifest, &file);
        return Ok(Prepared::Rejected(rejection));
    };
    let program = session.keep(program)?;
    drop(lock);
    Ok(Prepared::Ready(Grader {
        program,
        folder,
        root: root.clone(),
        prediction: None,
        bless: false,
    }))
}
