//! `reset NAME`: the skeleton again; what the learner wrote is kept.

use std::{fs, path::PathBuf};

use clap::ArgMatches;

use crate::{
    exercise::Exercise,
    files, grade, hints,
    session::Session,
    show::{self, style::good},
};

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let name = arguments
        .get_one::<String>("name")
        .expect("the name is required");
    let exercise = session.catalogue.exercise(name)?;
    let file = session.workspace.root.join(exercise.file());
    let skeleton = files::read(&session.workspace.root.join(exercise.skeleton()))?;
    let text = match fs::read(&file) {
        Ok(own) if grade::is_skeleton(&session, exercise, &own)? => {
            format!("{} is the skeleton already\n", exercise.file())
        }
        Ok(own) => {
            let saved = save(&session, exercise, &own)?;
            files::write(&file, &skeleton)?;
            let saved = session.workspace.relative(&saved);
            format!(
                "{} {} is the skeleton again; your version is {saved}\n",
                good("✓"),
                exercise.file()
            )
        }
        // Whatever kept the file from being read, writing it will say what is wrong.
        Err(_) => {
            files::write(&file, &skeleton)?;
            format!("{} {} is restored\n", good("✓"), exercise.file())
        }
    };
    hints::remember(&session, exercise, 0)?;
    show::print(&text)?;
    Ok(true)
}

/// Keeps the learner's version under the first free number. Not under the target folder: `cargo
/// clean` must not take it away.
fn save(session: &Session, exercise: &Exercise, own: &[u8]) -> anyhow::Result<PathBuf> {
    let folder = session
        .workspace
        .root
        .join(&exercise.folder)
        .join("exercises")
        .join("saved");
    let name = |number| format!("{}-{number}.{}", exercise.name, exercise.extension());
    let free = (1..)
        .map(|number| folder.join(name(number)))
        .find(|path| !path.exists())
        .expect("there are more numbers than files");
    files::write(&free, own)?;
    Ok(free)
}
