//! Candidates are built beside the tree, never in it: each in a package of its own, with the stage's
//! sources around it, and with the real grader.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml::{Table, Value};

use crate::{
    cargo::{self, Built},
    catalogue::Exercise,
    files,
    grade::{Prepared, compiler_words},
    sandbox::Grader,
    session::Session,
};

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
            let words = compiler_words(
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
            return Ok(Prepared::Rejected(
                words.replace(&own, &format!("{there}{name}")),
            ));
        };
        Ok(Prepared::Ready(Grader {
            program: session.keep(program)?,
            folder,
            root: self.root.clone(),
            prediction: None,
            bless: false,
        }))
    }

    /// What the compiler warned of in one candidate's package.
    pub(crate) fn warnings(&self, candidate: &Candidate<'_>) -> Vec<String> {
        let manifest = self.root.join(&candidate.package).join("Cargo.toml");
        let own = self
            .built
            .warnings()
            .filter(|message| message.manifest == manifest);
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
    let mut manifest = read_manifest(&course.join("Cargo.toml"))?;
    let workspace = table(&mut manifest, "workspace");
    let members = candidates
        .iter()
        .map(|candidate| candidate.package.clone().into());
    workspace.insert("members".into(), Value::Array(members.collect()));
    workspace.remove("default-members");
    make_paths_absolute(table(workspace, "dependencies"), course);
    let profile = table(table(&mut manifest, "profile"), "dev");
    profile.insert("debug".into(), false.into());
    profile.insert("incremental".into(), false.into());
    files::write_if_new(&root.join("Cargo.toml"), manifest.to_string().as_bytes())?;
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
    let manifest = package_manifest(session, candidate)?;
    files::write_if_new(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
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

/// The stage's manifest under another package name, with the exercise's feature always on, and with
/// its grader as the only target beside the library.
fn package_manifest(session: &Session, candidate: &Candidate<'_>) -> anyhow::Result<Table> {
    let exercise = candidate.exercise;
    let stage = session.workspace.root.join(&exercise.folder);
    let mut manifest = read_manifest(&stage.join("Cargo.toml"))?;
    for targets in ["bin", "example", "bench", "test"] {
        manifest.remove(targets);
    }
    let package = table(&mut manifest, "package");
    package.insert("name".into(), candidate.package.clone().into());
    package.remove("metadata");
    for targets in ["autobins", "autoexamples", "autobenches", "autotests"] {
        package.insert(targets.into(), false.into());
    }
    let library = table(&mut manifest, "lib");
    library.insert("name".into(), exercise.package.replace('-', "_").into());
    library.insert("test".into(), false.into());
    library.insert("doctest".into(), false.into());
    let on = Value::Array(vec![exercise.feature().into()]);
    table(&mut manifest, "features").insert("default".into(), on);
    let mut test = Table::new();
    test.insert("name".into(), exercise.name.clone().into());
    test.insert("path".into(), format!("tests/{}.rs", exercise.name).into());
    manifest.insert("test".into(), Value::Array(vec![test.into()]));
    for dependencies in ["dependencies", "dev-dependencies"] {
        make_paths_absolute(table(&mut manifest, dependencies), &stage);
    }
    Ok(manifest)
}

fn read_manifest(path: &Path) -> anyhow::Result<Table> {
    files::read_text(path)?
        .parse()
        .with_context(|| format!("cannot understand {}", path.display()))
}

/// The table under a key, made where it is missing.
fn table<'a>(parent: &'a mut Table, key: &str) -> &'a mut Table {
    let value = parent.entry(key).or_insert_with(|| Table::new().into());
    value
        .as_table_mut()
        .expect("cargo has read this manifest, so this key holds a table")
}

fn make_paths_absolute(dependencies: &mut Table, folder: &Path) {
    for (_, dependency) in dependencies.iter_mut() {
        if let Some(Value::String(path)) = dependency.get_mut("path") {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        }
    }
}
