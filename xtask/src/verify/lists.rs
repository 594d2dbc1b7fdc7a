//! Where exercises are listed or quoted by hand, the hand has kept up.

use super::Findings;
use crate::{
    catalogue::Stage,
    exercise::{Exercise, Kind},
    files,
    session::Session,
};

/// The files that tell editors which features to turn on.
const EDITORS: &[&str] = &["rust-analyzer.toml", ".vscode/settings.json"];

/// Checks the editors' features, the chapters' tables, and the programs that are to be predicted.
pub(crate) fn check(session: &Session, findings: &mut Findings) -> anyhow::Result<()> {
    for editor in EDITORS {
        let text = files::read_text(&session.workspace.root.join(editor))?;
        for exercise in session.catalogue.exercises() {
            let feature = format!("\"{}/{}\"", exercise.package, exercise.feature());
            if !text.contains(&feature) {
                findings.problem(editor, format!("does not turn {feature} on"));
            }
        }
    }
    for stage in &session.catalogue.stages {
        table(session, stage, findings)?;
    }
    for exercise in session
        .catalogue
        .exercises()
        .filter(|one| one.kind == Kind::Predict)
    {
        program(session, exercise, findings)?;
    }
    Ok(())
}

/// The table of exercises in the chapter: the same ones, in the order of the manifest.
fn table(session: &Session, stage: &Stage, findings: &mut Findings) -> anyhow::Result<()> {
    let place = format!("{}/README.md", stage.folder);
    let page = files::read_text(&session.workspace.root.join(&place))?;
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, rest)| {
            ["build |", "fix |", "predict |", "compile |"]
                .iter()
                .any(|kind| rest.starts_with(kind))
        })
        .map(|(name, _)| name)
        .collect();
    let names: Vec<&str> = stage
        .exercises
        .iter()
        .map(|exercise| exercise.name.as_str())
        .collect();
    if rows != names {
        findings.problem(
            place,
            format!("its table of exercises has to list {}", names.join(", ")),
        );
    }
    Ok(())
}

/// The statements that a skeleton shows are those that the grader runs.
fn program(session: &Session, exercise: &Exercise, findings: &mut Findings) -> anyhow::Result<()> {
    let root = &session.workspace.root;
    let grader =
        files::read_text(&root.join(format!("{}/tests/{}.rs", exercise.folder, exercise.name)))?;
    let skeleton = files::read_text(&root.join(exercise.skeleton()))?;
    let statements = skeleton
        .lines()
        .filter_map(|line| line.strip_prefix("#     "))
        .filter(|line| line.ends_with(';'));
    for statement in statements {
        if !grader.lines().any(|line| line.trim() == statement.trim()) {
            let what = format!("shows `{statement}`, which its grader does not run");
            findings.problem(exercise.skeleton(), what);
        }
    }
    Ok(())
}
