//! What every command that grades needs.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use crate::{catalogue::Catalogue, files, limits::Limits, progress, workspace::Workspace};
use anyhow::Context as _;

/// One call of the command: where it works, on what, within which limits.
#[derive(Debug)]
pub(crate) struct Session {
    /// The checkout.
    pub(crate) workspace: Workspace,
    /// Its stages and exercises.
    pub(crate) catalogue: Catalogue,
    /// What one test may use.
    pub(crate) limits: Limits,
    /// What the compiler says about itself.
    pub(crate) compiler: String,
    /// This call's own files: copies of graders, and their reports.
    scratch: Scratch,
}

impl Session {
    /// Finds everything out, and makes sure that it can work.
    pub(crate) fn open() -> anyhow::Result<Session> {
        let limits = Limits::from_environment()?;
        let workspace = Workspace::find()?;
        workspace.writable()?;
        let catalogue = Catalogue::of(&workspace)?;
        let compiler = workspace.compiler()?;
        let scratch = Scratch::new(&workspace)?;
        Ok(Session {
            workspace,
            catalogue,
            limits,
            compiler,
            scratch,
        })
    }

    /// A file of this call's own, that does not exist yet.
    pub(crate) fn fresh_file(&self, what: &str) -> PathBuf {
        // Relaxed: the counter hands out numbers, it publishes nothing.
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        self.scratch
            .0
            .join(format!("{what}-{}", NEXT.fetch_add(1, Relaxed)))
    }

    /// Keeps other calls from building in the same place until the answer is dropped. Without it,
    /// one call could run what another has built.
    pub(crate) fn lock(&self, what: &str) -> anyhow::Result<File> {
        let path = self.workspace.state(&format!("{what}.lock"));
        files::make_folder(&self.workspace.state(""))?;
        let attempt = || -> std::io::Result<File> {
            let file = File::options().create(true).append(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    progress::step("waiting for another run of this command");
                    file.lock()?;
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
            Ok(file)
        };
        attempt().with_context(|| format!("cannot lock {}", path.display()))
    }

    /// Copies a built program to where no later build replaces it.
    pub(crate) fn keep(&self, program: &Path) -> anyhow::Result<PathBuf> {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let mut copy = self.fresh_file(&name);
        copy.set_extension(std::env::consts::EXE_EXTENSION);
        fs::copy(program, &copy).with_context(|| format!("cannot copy {}", program.display()))?;
        Ok(copy)
    }
}

/// A folder that goes away with its owner.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new(workspace: &Workspace) -> anyhow::Result<Scratch> {
        let folder = files::temporary(&workspace.state("runs"))?;
        files::make_folder(&folder)?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It lies under the target folder: if it stays, `cargo clean` takes it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
