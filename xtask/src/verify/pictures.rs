//! The chapters' pictures show what the references do now.

use super::{Findings, Task};
use crate::{files, picture, progress, session::Session, timeline};

/// Checks every picture of every stage.
pub(crate) fn check(
    session: &Session,
    task: Task<'_>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for stage in &session.catalogue.stages {
        for path in pictures(session, &stage.folder)? {
            let place = session.workspace.relative(&path);
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let exercise = stage
                .exercises
                .iter()
                .find(|exercise| exercise.name == *name);
            let Some(exercise) = exercise else {
                findings.problem(place, "is named after no exercise of its stage");
                continue;
            };
            if !task.includes(exercise) {
                continue;
            }
            progress::step(&format!("drawing {place}"));
            let recorded = timeline::record(session, exercise, true, None)?;
            if files::read_text(&path)? != picture::draw(&recorded.title(), &recorded.events) {
                findings.problem(
                    place,
                    "is not what the reference does now; `cargo xtask bless` redraws it",
                );
            }
        }
    }
    Ok(())
}

/// The pictures of a stage.
pub(crate) fn pictures(session: &Session, stage: &str) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut paths = files::tree(&session.workspace.root.join(stage).join("pictures"))?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "svg"));
    Ok(paths)
}
