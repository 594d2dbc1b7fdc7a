//! Verdicts that were reached before, found by the content of everything they depend on.
//!
//! Only passes are kept: a learner who fails wants the run, not its memory.

use std::{env, fs, path::PathBuf};

use hmac_sha256::Hash;

use crate::{
    document::{ExerciseReport, Verdict},
    exercise::{Exercise, Kind},
    files,
    session::Session,
};

/// What the build depends on besides files.
const VARIABLES: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC_WRAPPER",
    "CARGO_BUILD_TARGET",
];

/// The place of one verdict: it is named by a hash, so a stale one is never found.
pub(crate) struct Slot {
    path: PathBuf,
}

impl Slot {
    /// The place for the verdict on this content of the exercise's file.
    pub(crate) fn of(
        session: &Session,
        exercise: &Exercise,
        content: &[u8],
    ) -> anyhow::Result<Slot> {
        let mut hash = Hasher::new(session);
        hash.add("content", content);
        hash.add("exercise", format!("{exercise:?}").as_bytes());
        hash.add("limits", format!("{:?}", session.limits).as_bytes());
        hash.add("compiler", session.compiler.as_bytes());
        for variable in VARIABLES {
            hash.add(variable, env::var(variable).unwrap_or_default().as_bytes());
        }
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            ".cargo/config.toml",
            "rust-toolchain.toml",
        ] {
            hash.file(file)?;
        }
        for folder in ["tests/src", "xtask/src"] {
            hash.tree(folder)?;
        }
        for manifest in ["tests/Cargo.toml", "xtask/Cargo.toml"] {
            hash.file(manifest)?;
        }
        for stage in session
            .catalogue
            .stages
            .iter()
            .filter(|stage| stage.number <= exercise.stage)
        {
            hash.file(&format!("{}/Cargo.toml", stage.folder))?;
            hash.tree(&format!("{}/src", stage.folder))?;
        }
        for part in ["tests/support", "tests/snapshots"] {
            hash.tree(&format!("{}/{part}", exercise.folder))?;
        }
        hash.file(&format!("{}/tests/{}.rs", exercise.folder, exercise.name))?;
        if exercise.kind == Kind::Predict {
            hash.file(&exercise.reference())?;
        }
        let name = format!("verdicts/{}-{}.json", exercise.name, hash.finish());
        Ok(Slot {
            path: session.workspace.state(&name),
        })
    }

    /// The pass that was kept here. A damaged one counts for nothing.
    pub(crate) fn get(&self) -> Option<ExerciseReport> {
        let report: ExerciseReport = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        (report.verdict == Verdict::Pass).then_some(report)
    }

    /// Keeps a pass, and nothing else. Failing to keep it only costs time.
    pub(crate) fn put(&self, report: &ExerciseReport) {
        if report.verdict == Verdict::Pass
            && let Ok(bytes) = serde_json::to_vec(report)
        {
            let _ = files::write(&self.path, &bytes);
        }
    }
}

/// The hash of one text.
pub(crate) fn hash(content: &[u8]) -> String {
    hex(&Hash::hash(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes named parts: each with its length, so that no two sequences of parts look alike.
struct Hasher<'a> {
    session: &'a Session,
    hash: Hash,
}

impl<'a> Hasher<'a> {
    fn new(session: &'a Session) -> Self {
        Hasher {
            session,
            hash: Hash::new(),
        }
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            self.hash.update((part.len() as u64).to_le_bytes());
            self.hash.update(part);
        }
    }

    fn file(&mut self, name: &str) -> anyhow::Result<()> {
        let path = self.session.workspace.root.join(name);
        if path.exists() {
            self.add(name, &files::read(&path)?);
        }
        Ok(())
    }

    fn tree(&mut self, name: &str) -> anyhow::Result<()> {
        for path in files::tree(&self.session.workspace.root.join(name))? {
            self.add(
                &self.session.workspace.relative(&path),
                &files::read(&path)?,
            );
        }
        Ok(())
    }

    fn finish(self) -> String {
        hex(&self.hash.finalize())
    }
}
