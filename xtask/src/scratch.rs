//! Candidates are built beside the tree, never in it: each in a package of its own, with the stage's
//! sources around it, and with the real grader.

use std::path::{Path, PathBuf};

use crate::{
    cargo::{self, Built},
    exercise::Exercise,
    files, manifest,
    prepare::Prepared,
    rejected::rejection,
    sandbox::Grader,
    session::Session,
};
use anyhow::Context as _;

/// A file to be built as if it were an exercise's file.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// The exercise.
    pub(crate) exercise: &'a Exercise,
    /// The file, absolute.
    pub(crate) file: PathBuf,
    /// The name of the package that it is built in; no other candidate of the workspace has it.
    pub(crate) package: String,
}

/// Candidates that were built in one call of cargo.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The root of the workspace that they were built in.
    root: PathBuf,
    /// What cargo made of them.
    built: Built,
}

/// Builds one candidate for `--with`.
pub(crate) fn one(session: &Session, exercise: &Exercise, file: &Path) -> anyhow::Result<Prepared> {
    let file =
        std::path::absolute(file).with_context(|| format!("cannot find {}", file.display()))?;
    let package = format!("with-{}", exercise.name);
    let candidate = Candidate {
        exercise,
        file,
        package,
    };
    let lock = session.lock("with")?;
    let batch = build(session, "with", std::slice::from_ref(&candidate))?;
    let prepared = batch.prepared(session, &candidate)?;
    drop(lock);
    Ok(prepared)
}

/// Builds candidates in the scratch workspace of this name. The caller holds its lock.
pub(crate) fn build(
    session: &Session,
    name: &str,
    candidates: &[Candidate<'_>],
) -> anyhow::Result<Batch> {
    let root = session.workspace.state("scratch").join(name);
    write_workspace(session, &root, candidates)?;
    for candidate in candidates {
        write_package(session, &root.join(&candidate.package), candidate)
            .with_context(|| format!("cannot lay out {}", candidate.file.display()))?;
    }
    let mut command = session.workspace.cargo();
    command
        .env(
            "CARGO_TARGET_DIR",
            session.workspace.state("scratch").join("target"),
        )
        .args(["build", "--tests", "--keep-going", "--manifest-path"])
        .arg(root.join("Cargo.toml"));
    let built = cargo::build(command)?;
    Ok(Batch { root, built })
}

impl Batch {
    /// The grader of one candidate, copied to where the next build does not replace it.
    pub(crate) fn prepared(
        &self,
        session: &Session,
        candidate: &Candidate<'_>,
    ) -> anyhow::Result<Prepared> {
        let folder = self.root.join(&candidate.package);
        let manifest = folder.join("Cargo.toml");
        let Some(program) = self.built.program(&manifest, &candidate.exercise.name) else {
            let mut rejection = rejection(
                session,
                candidate.exercise,
                &self.built,
                &manifest,
                &candidate.file,
            );
            let here = format!("{}/exercises/", candidate.package);
            let there = format!(
                "{}/",
                session
                    .workspace
                    .relative(candidate.file.parent().unwrap_or(Path::new("")))
            );
            let own = format!("{here}{}.rs", candidate.exercise.name);
            let name = candidate
                .file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            rejection.words = rejection.words.replace(&own, &format!("{there}{name}"));
            return Ok(Prepared::Rejected(rejection));
        };
        Ok(Prepared::Ready(Grader {
            program: session.keep(program)?,
            folder,
            root: self.root.clone(),
            prediction: None,
            bless: false,
        }))
    }

    /// What the compiler warned of in one candidate's own file.
    pub(crate) fn warnings(&self, candidate: &Candidate<'_>) -> Vec<String> {
        let manifest = self.root.join(&candidate.package).join("Cargo.toml");
        let file = format!("exercises/{}.rs", candidate.exercise.name);
        let own = self
            .built
            .warnings()
            .filter(|message| message.manifest == manifest && message.is_in(&file));
        own.map(|message| anstream::adapter::strip_str(&message.rendered).to_string())
            .collect()
    }
}

/// The root of a scratch workspace: the course's own settings, without its members.
fn write_workspace(
    session: &Session,
    root: &Path,
    candidates: &[Candidate<'_>],
) -> anyhow::Result<()> {
    let course = &session.workspace.root;
    let members: Vec<&str> = candidates.iter().map(|one| one.package.as_str()).collect();
    let course_manifest = files::read_text(&course.join("Cargo.toml"))?;
    let manifest = manifest::of_workspace(&members, &course_manifest);
    files::write_if_new(&root.join("Cargo.toml"), manifest.as_bytes())?;
    // Cargo adds the candidates to its copy of the lock file, so the copy is made only when the
    // original has changed.
    let lock = files::read(&course.join("Cargo.lock"))?;
    let origin = root.join("Cargo.lock.origin");
    if std::fs::read(&origin).ok().as_ref() != Some(&lock) || !root.join("Cargo.lock").exists() {
        files::write(&root.join("Cargo.lock"), &lock)?;
        files::write(&origin, &lock)?;
    }
    Ok(())
}

fn write_package(
    session: &Session,
    folder: &Path,
    candidate: &Candidate<'_>,
) -> anyhow::Result<()> {
    let exercise = candidate.exercise;
    let stage = session.workspace.root.join(&exercise.folder);
    let packages = &session.workspace.packages;
    let package = packages
        .iter()
        .find(|package| package.name == exercise.package);
    let package = package.context("the exercise's package is no member of the workspace")?;
    let manifest = manifest::of_candidate(&candidate.package, exercise, package);
    files::write_if_new(&folder.join("Cargo.toml"), manifest.as_bytes())?;
    for tree in ["src", "tests/support", "tests/snapshots"] {
        files::mirror(&stage.join(tree), &folder.join(tree))?;
    }
    for file in [
        "README.md".to_string(),
        format!("tests/{}.rs", exercise.name),
    ] {
        files::write_if_new(&folder.join(&file), &files::read(&stage.join(&file))?)?;
    }
    let own = format!("exercises/{}.{}", exercise.name, exercise.extension());
    files::write_if_new(&folder.join(own), &files::read(&candidate.file)?)
}
