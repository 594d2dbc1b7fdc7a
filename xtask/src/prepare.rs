//! Builds a grader where the course lies: on the learner's file, or on the reference.

use crate::{
    cargo, exercise::Exercise, freshness, rejected::compiler_words, sandbox::Grader,
    session::Session,
};

/// A grader, or why there is none.
pub(crate) enum Prepared {
    /// It can run.
    Ready(Grader),
    /// The compiler's words.
    Rejected(String),
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
        let words = compiler_words(session, exercise, &built, &folder.join("Cargo.toml"), &file);
        return Ok(Prepared::Rejected(words));
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
