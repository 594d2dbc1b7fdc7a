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
    if exercise.learners {
        // A snapshot that is missing is the course's fault, and `cargo xtask verify` finds it.
        let expected = recorder.expected().unwrap_or(&canonical);
        if expected.trim_end() != canonical.trim_end() {
            recorder.fail(
                "different-trace",
                "no rule was broken, and yet the run took another course than the chapter's",
            );
        }
        return;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder(exercise));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("{test} of {}", exercise.name));
    settings.bind(|| insta::assert_snapshot!(name(exercise.name, test), canonical));
}
