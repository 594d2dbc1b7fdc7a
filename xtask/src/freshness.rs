//! Makes cargo see that a learner's file has changed.
//!
//! Cargo goes by the time of a file. A version that was kept somewhere and moved back is older than
//! the last build, so cargo would run what it has built from another text.

use std::{
    fs::{self, File},
    time::SystemTime,
};

use crate::{cache, exercise::Exercise, files, session::Session};

/// Gives the learner's file the present time if it has another text than at the last build, and an
/// older time. The caller holds the lock on builds.
pub(crate) fn ensure(session: &Session, exercise: &Exercise) -> anyhow::Result<()> {
    let path = session.workspace.root.join(exercise.file());
    let built = session.workspace.state("built").join(&exercise.name);
    let Ok(content) = fs::read(&path) else {
        return Ok(());
    };
    let hash = cache::hash(&content);
    let last = fs::read_to_string(&built).ok();
    if last.as_ref().is_some_and(|last| *last != hash) && modified(&path) <= modified(&built) {
        // In a checkout that cannot be written this fails, and nobody can have moved a file there.
        let _ = File::options()
            .append(true)
            .open(&path)
            .map(|file| file.set_modified(SystemTime::now()));
    }
    files::write(&built, hash.as_bytes())
}

fn modified(path: &std::path::Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}
