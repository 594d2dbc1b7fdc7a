//! Where the course lies, where its build output goes, and which compiler it uses.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{
    files,
    metadata::{Metadata, Package},
};

/// The checkout that this call is about.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the workspace's manifest.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, absolute.
    pub(crate) target: PathBuf,
    /// Its members.
    pub(crate) packages: Vec<Package>,
    /// The cargo that started this command, or the one in PATH.
    cargo: PathBuf,
}

impl Workspace {
    /// The workspace around the current folder.
    pub(crate) fn find() -> anyhow::Result<Workspace> {
        let here = env::current_dir()
            .context("the current folder is gone; go to the folder of the course")?;
        let Some(root) = here.ancestors().find(|folder| is_the_course(folder)) else {
            bail!(
                "{} is not inside the course; go to the folder that you cloned",
                here.display()
            );
        };
        let cargo = env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from);
        let metadata = Metadata::of(&cargo, root)?;
        Ok(Workspace {
            root: root.into(),
            target: metadata.target_directory,
            packages: metadata.packages,
            cargo,
        })
    }

    /// A call of cargo, made from the workspace's root, with nothing to read from.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(Stdio::null());
        command
    }

    /// What the compiler says about itself: version, commit, host.
    pub(crate) fn compiler(&self) -> anyhow::Result<String> {
        let beside = self
            .cargo
            .with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
        let rustc = match env::var_os("RUSTC") {
            Some(rustc) => PathBuf::from(rustc),
            None if self.cargo.is_absolute() && beside.exists() => beside,
            None => "rustc".into(),
        };
        let mut call = Command::new(&rustc);
        call.arg("-vV").current_dir(&self.root).stdin(Stdio::null());
        let output = call.output().with_context(|| {
            format!(
                "cannot run {}; install Rust from https://rustup.rs",
                rustc.display()
            )
        })?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A file or folder of the command's own, under the target folder. Losing them loses nothing.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.target.join("course").join(name)
    }

    /// Fails, with the mend, where the target folder cannot be written.
    pub(crate) fn writable(&self) -> anyhow::Result<()> {
        let probe = || -> anyhow::Result<()> {
            let file = files::temporary(&self.state("runs"))?;
            files::write(&file, b"")?;
            Ok(fs::remove_file(file)?)
        };
        probe().with_context(|| {
            format!(
                "cannot write in {}; set CARGO_TARGET_DIR to a folder that can be written",
                self.target.display()
            )
        })
    }

    /// A path as the user reads it: relative to the root, with `/`.
    pub(crate) fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}

fn is_the_course(folder: &Path) -> bool {
    folder.join("xtask/Cargo.toml").is_file()
        && folder.join("tests/src/report.rs").is_file()
        && fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|text| text.contains("[workspace]"))
}
