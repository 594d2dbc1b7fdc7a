//! What cargo knows about the workspace: its packages, and where it builds.

use std::{
    collections::BTreeMap,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::Value;

/// The answer of `cargo metadata`, as far as the command needs it. Asking cargo spares the command a
/// parser of manifests, and a learner the time to compile one.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Cargo's target folder: environment, configuration and defaults decide about it.
    pub(crate) target_directory: PathBuf,
    /// The members of the workspace.
    pub(crate) packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its manifest, absolute.
    pub(crate) manifest_path: PathBuf,
    /// The edition that it is written in.
    pub(crate) edition: String,
    /// Its features, each with what it turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// What it depends on, with everything inherited from the workspace filled in.
    pub(crate) dependencies: Vec<Dependency>,
    /// Whatever its manifest says for tools.
    pub(crate) metadata: Option<Value>,
}

/// A dependency of a member.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The package that is depended on.
    pub(crate) name: String,
    /// The name that the member uses for it, where that is another.
    pub(crate) rename: Option<String>,
    /// The versions that do.
    pub(crate) req: String,
    /// `dev`, `build`, or nothing.
    pub(crate) kind: Option<String>,
    /// The platform that it is for, where it is not for all.
    pub(crate) target: Option<String>,
    /// Its folder, absolute, where it is no registry's.
    pub(crate) path: Option<PathBuf>,
    /// Whether a feature turns it on.
    pub(crate) optional: bool,
    /// Whether its default features are on.
    pub(crate) uses_default_features: bool,
    /// Which features are on besides.
    pub(crate) features: Vec<String>,
}

impl Package {
    /// Its folder, absolute.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }
}

impl Metadata {
    /// Asks cargo about the workspace in a folder.
    pub(crate) fn of(cargo: &Path, root: &Path) -> anyhow::Result<Metadata> {
        let output = Command::new(cargo)
            .args([
                "metadata",
                "--no-deps",
                "--format-version=1",
                "--manifest-path",
            ])
            .arg(root.join("Cargo.toml"))
            .stdin(Stdio::null())
            .output();
        let output = match output {
            Ok(output) => output,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!(
                    "cargo was not found; install Rust from https://rustup.rs, or put cargo into PATH"
                )
            }
            Err(error) => return Err(error).context("cannot run cargo"),
        };
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            bail!(
                "cargo cannot read the workspace in {}: {words}",
                root.display()
            );
        }
        serde_json::from_slice(&output.stdout)
            .context("cannot understand the answer of `cargo metadata`")
    }
}
