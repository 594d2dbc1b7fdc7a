//! A course of one's own, to change and to learn in.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::{Answer, answer, candidate, root, xtask};

/// A copy of the course that a test may change, with a target folder of its own. There is one for each
/// test program, used by one test at a time: cargo tells two checkouts that share a target folder apart
/// by nothing but the time of their files.
pub(crate) struct Copy {
    /// The root of the copy.
    pub(crate) folder: PathBuf,
    /// The copy's target folder.
    target: PathBuf,
    /// Held as long as the copy is in use. The system lets go of it, however the test ends.
    _lock: File,
}

impl Copy {
    /// A fresh copy, in which nobody has begun. `program` is the name of the test program.
    pub(crate) fn new(program: &str) -> Copy {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(program);
        let (folder, target) = (place.join("course"), place.join("target"));
        fs::create_dir_all(&folder).expect("the target folder can be written");
        let lock = File::create(place.join("lock")).expect("the target folder can be written");
        lock.lock().expect("a file can be locked");
        mirror(&root(), &folder, &["target", ".git"]);
        let _ = fs::remove_dir_all(target.join("course"));
        let copy = Copy {
            folder,
            target,
            _lock: lock,
        };
        copy.begin_again();
        copy
    }

    /// Puts every skeleton back: a learner's own checkout may have any file in their place.
    fn begin_again(&self) {
        let solutions = self.folder.join("tests/solutions");
        // Beside the stages lies a README.
        for stage in entries(&solutions).iter().filter(|stage| stage.is_dir()) {
            for exercise in entries(stage) {
                for skeleton in entries(&exercise) {
                    if skeleton.file_stem().is_some_and(|stem| stem == "skeleton") {
                        let own = self
                            .folder
                            .join(name(stage))
                            .join("exercises")
                            .join(name(&exercise));
                        let own = own.with_extension(skeleton.extension().unwrap_or_default());
                        let content = fs::read(&skeleton).expect("the course can be read");
                        write_if_new(&own, &content);
                    }
                }
            }
        }
    }

    /// The learner's file of `join`.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("01-simple-future/exercises/join.rs")
    }

    /// Makes a candidate of `join` the learner's file.
    pub(crate) fn write(&self, name: &str) {
        let content = fs::read(candidate(name)).expect("the course has this candidate");
        fs::write(self.file(), content).expect("the copy can be written");
    }

    /// Runs a call in the copy.
    pub(crate) fn call(&self, arguments: &[&str]) -> Answer {
        answer(
            xtask(arguments)
                .current_dir(&self.folder)
                .env("CARGO_TARGET_DIR", &self.target),
        )
    }

    /// Grades `join`.
    pub(crate) fn check(&self) -> Answer {
        self.call(&["check-stage", "1", "--exercise", "join"])
    }
}

/// Makes one folder hold what another holds. What is equal keeps its time, so that cargo sees no change.
fn mirror(from: &Path, to: &Path, except: &[&str]) {
    fs::create_dir_all(to).expect("the copy can be written");
    for old in entries(to) {
        let here = from.join(name(&old));
        if old.is_dir() && !here.is_dir() {
            fs::remove_dir_all(old).expect("the copy can be written");
        } else if old.is_file() && !here.is_file() {
            fs::remove_file(old).expect("the copy can be written");
        }
    }
    for entry in entries(from)
        .iter()
        .filter(|entry| except.iter().all(|not| name(entry) != *not))
    {
        let there = to.join(name(entry));
        if entry.is_dir() {
            mirror(entry, &there, &[]);
        } else {
            write_if_new(&there, &fs::read(entry).expect("the course can be read"));
        }
    }
}

fn write_if_new(file: &Path, content: &[u8]) {
    if fs::read(file).is_ok_and(|old| old == content) {
        return;
    }
    fs::write(file, content).expect("the copy can be written");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect()
}

fn name(path: &Path) -> OsString {
    path.file_name().expect("an entry has a name").into()
}
