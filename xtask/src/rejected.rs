//! What to say about a file that does not compile.

use std::{fs, path::Path};

use course::diagnosis::Diagnosis;

use crate::{
    api,
    cargo::Built,
    exercise::{Exercise, Kind},
    files, meaning,
    session::Session,
};

/// Why a file does not compile.
#[derive(Debug)]
pub(crate) struct Rejection {
    /// The compiler's words.
    pub(crate) words: String,
    /// What they mean, where the exercise is about that.
    pub(crate) diagnosis: Option<Diagnosis>,
}

/// Why it does not compile: the errors in the learner's file; where there is none, those of its
/// package, with what the course misses in the file.
pub(crate) fn rejection(
    session: &Session,
    exercise: &Exercise,
    built: &Built,
    manifest: &Path,
    file: &Path,
) -> Rejection {
    let own = format!("exercises/{}.{}", exercise.name, exercise.extension());
    let package: Vec<_> = built
        .errors()
        .filter(|message| message.manifest == manifest)
        .collect();
    let mut inside = package.clone();
    inside.retain(|message| message.is_in(&own));
    // Where neither the file nor its package is at fault, whatever else failed is what there is to say.
    let shown = match (inside.is_empty(), package.is_empty()) {
        (false, _) => inside.clone(),
        (true, false) => package,
        (true, true) => built.errors().collect(),
    };
    let mut words = Vec::new();
    for message in &shown {
        words.push(
            message
                .rendered
                .replace("src/../exercises/", "exercises/")
                .replace("tests/../exercises/", "exercises/")
                .trim_end()
                .to_string(),
        );
    }
    if inside.is_empty() {
        words.push(what_is_missing(session, exercise, file));
    }
    let diagnosis = match exercise.kind {
        Kind::Compile => meaning::of(exercise, &shown),
        _ => None,
    };
    Rejection {
        words: words.join("\n\n"),
        diagnosis,
    }
}

fn what_is_missing(session: &Session, exercise: &Exercise, file: &Path) -> String {
    let skeleton = files::read_text(&session.workspace.root.join(exercise.skeleton()));
    let (Ok(skeleton), Ok(own)) = (skeleton, fs::read_to_string(file)) else {
        return "The file cannot be read as text: it has to be UTF-8.".into();
    };
    let own = api::of(&own);
    let missing: Vec<String> = api::of(&skeleton)
        .into_iter()
        .filter(|item| !own.contains(item))
        .collect();
    if missing.is_empty() {
        return "The error is outside the exercise's file: something else in the package has changed.".into();
    }
    format!(
        "The course uses these items of your file, and it has none like them:\n  {}",
        missing.join("\n  ")
    )
}
