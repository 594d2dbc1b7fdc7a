//! The canonical trace of each test, kept by insta under `tests/snapshots/` of its stage.

use std::{fs, path::PathBuf};

use crate::{exercise::Exercise, recorder::Recorder};

fn folder(exercise: Exercise) -> PathBuf {
    [exercise.folder, "tests", "snapshots"].iter().collect()
}

fn name(exercise: &str, test: &str) -> String {
    format!("{exercise}__{test}")
}

/// The snapshot's text, if there is one: what follows the header that insta writes.
pub(crate) fn read(exercise: Exercise, test: &str) -> Option<String> {
    let file = folder(exercise).join(name(exercise.name, test) + ".snap");
    let text = fs::read_to_string(file).ok()?.replace("\r\n", "\n");
    let (_, body) = text.strip_prefix("---\n")?.split_once("---\n")?;
    Some(body.to_owned())
}

/// Compares the run with its snapshot, or writes the snapshot where `cargo xtask bless` asks for it.
pub(crate) fn compare(recorder: &Recorder) {
    let (exercise, test) = (recorder.exercise(), recorder.test());
    let canonical = recorder.canonical();
    let differs = |expected: &str| expected.trim_end() != canonical.trim_end();
    if recorder.expected().is_some_and(differs) && !is_blessing() {
        recorder.fail(
            "different-trace",
            "no rule was broken, and yet the run took another course than the chapter's",
        );
    }
    // A snapshot that is missing is the course's fault: insta says so on the reference.
    if exercise.learners {
        return;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder(exercise));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("{test} of {}", exercise.name));
    settings.bind(|| insta::assert_snapshot!(name(exercise.name, test), canonical));
}

/// Whether insta is told to write what it finds.
fn is_blessing() -> bool {
    std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always")
}
