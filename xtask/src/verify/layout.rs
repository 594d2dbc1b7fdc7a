//! Each exercise has all its parts, and nothing lies about that belongs to none.

use std::{collections::BTreeSet, path::Path};

use super::{Findings, Task};
use crate::{
    api,
    exercise::{Exercise, Kind},
    files, hints,
    session::Session,
};

/// The fewest wrong candidates and hints that an exercise may have.
const FEWEST: usize = 3;

/// Checks the parts of each exercise.
pub(crate) fn check(
    session: &Session,
    task: Task<'_>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let mut names = BTreeSet::new();
    for exercise in session.catalogue.exercises() {
        if !names.insert(&exercise.name) {
            findings.problem(
                &exercise.folder,
                format!("a second exercise is called `{}`", exercise.name),
            );
        }
        if task.includes(exercise) {
            manifest(session, exercise, findings);
            parts(session, exercise, findings);
            public_face(session, exercise, findings)?;
        }
        if task.includes(exercise) && task.pristine {
            untouched(session, exercise, findings);
        }
    }
    Ok(())
}

fn manifest(session: &Session, exercise: &Exercise, findings: &mut Findings) {
    let place = format!("{}/Cargo.toml, `{}`", exercise.folder, exercise.name);
    if exercise.tests.is_empty() {
        findings.problem(&place, "no tests are listed");
    }
    if let Some(lesson) = exercise
        .lesson
        .as_ref()
        .filter(|lesson| !exercise.tests.contains(lesson))
    {
        findings.problem(
            &place,
            format!("the lesson `{lesson}` is none of its tests"),
        );
    }
    for before in &exercise.after {
        if session.catalogue.exercise(before).is_err() {
            findings.problem(
                &place,
                format!("`{before}`, to be done before it, does not exist"),
            );
        }
    }
}

fn parts(session: &Session, exercise: &Exercise, findings: &mut Findings) {
    let root = &session.workspace.root;
    for file in [exercise.skeleton(), exercise.reference()] {
        if !root.join(&file).is_file() {
            findings.problem(&file, "is missing");
        }
    }
    let count = |prefix: &str| candidates(session, exercise, prefix).len();
    if count("wrong-") < FEWEST {
        findings.problem(
            exercise.solutions(),
            format!("fewer than {FEWEST} wrong candidates"),
        );
    }
    if count("right-") < 1 && exercise.kind != Kind::Predict {
        findings.problem(
            exercise.solutions(),
            "no right candidate beside the reference",
        );
    }
    let page = files::read_text(&root.join(hints::file(exercise))).unwrap_or_default();
    if hints::parse(&page).len() < FEWEST {
        findings.problem(
            hints::file(exercise),
            format!("fewer than {FEWEST} hints (headings `## …`)"),
        );
    }
}

/// The candidates whose names begin like this, in order.
pub(crate) fn candidates(
    session: &Session,
    exercise: &Exercise,
    prefix: &str,
) -> Vec<std::path::PathBuf> {
    let folder = session.workspace.root.join(exercise.solutions());
    let mut candidates = files::tree(&folder).unwrap_or_default();
    candidates.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(prefix)
            && path
                .extension()
                .is_some_and(|end| end == exercise.extension())
    });
    candidates
}

fn public_face(
    session: &Session,
    exercise: &Exercise,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let root = &session.workspace.root;
    let (skeleton, reference) = (
        root.join(exercise.skeleton()),
        root.join(exercise.reference()),
    );
    let has_face = exercise.kind != Kind::Predict && !exercise.is_gallery();
    if !has_face || !skeleton.is_file() || !reference.is_file() {
        return Ok(());
    }
    let skeleton = api::of(&files::read_text(&skeleton)?);
    let reference = api::of(&module_text(&reference)?);
    for item in reference.iter().filter(|item| !skeleton.contains(item)) {
        findings.problem(
            exercise.skeleton(),
            format!("lacks `{item}` of {}", exercise.reference()),
        );
    }
    for item in skeleton.iter().filter(|item| !reference.contains(item)) {
        findings.problem(
            exercise.reference(),
            format!("lacks `{item}` of {}", exercise.skeleton()),
        );
    }
    Ok(())
}

/// A module with its inner modules, which lie in a folder of its name: what it passes on from them
/// (`mod inner; pub use inner::Item;`) counts as its own.
fn module_text(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    for line in files::read_text(file)?.lines() {
        if !line.starts_with("pub use ") {
            text.push_str(line);
            text.push('\n');
        }
    }
    for inner in files::tree(&file.with_extension("")).unwrap_or_default() {
        text.push_str(&files::read_text(&inner)?);
    }
    Ok(text)
}

fn untouched(session: &Session, exercise: &Exercise, findings: &mut Findings) {
    let root = &session.workspace.root;
    let own = files::read_text(&root.join(exercise.file())).ok();
    if own.is_none() || own != files::read_text(&root.join(exercise.skeleton())).ok() {
        findings.problem(
            exercise.file(),
            format!("is not equal to {}", exercise.skeleton()),
        );
    }
}

/// What says how to add an exercise.
const GUIDE: &str = "tests/solutions/README.md";

/// Every file under `tests/solutions` and `exercises/` belongs to an exercise.
pub(crate) fn find_strays(session: &Session, findings: &mut Findings) -> anyhow::Result<()> {
    let root = &session.workspace.root;
    let exercises: Vec<&Exercise> = session.catalogue.exercises().collect();
    for path in files::tree(&root.join("tests/solutions"))? {
        let name = session.workspace.relative(&path);
        if name != GUIDE && !exercises.iter().any(|exercise| belongs(exercise, &name)) {
            findings.problem(name, "belongs to no exercise");
        }
    }
    for stage in &session.catalogue.stages {
        let saved = format!("{}/exercises/saved/", stage.folder);
        for path in files::tree(&root.join(&stage.folder).join("exercises"))? {
            let name = session.workspace.relative(&path);
            let known = exercises.iter().any(|exercise| exercise.file() == name);
            if !known && !name.starts_with(&saved) {
                findings.problem(name, "belongs to no exercise");
            }
        }
    }
    Ok(())
}

fn belongs(exercise: &Exercise, name: &str) -> bool {
    let Some(file) = name.strip_prefix(&format!("{}/", exercise.solutions())) else {
        return false;
    };
    let candidate = file.starts_with("right-") || file.starts_with("wrong-");
    let source = !file.contains('/') && file.ends_with(&format!(".{}", exercise.extension()));
    name == exercise.skeleton()
        || name == hints::file(exercise)
        || name == exercise.reference()
        || candidate && source
}
