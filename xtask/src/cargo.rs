//! Calls of cargo that build graders, and what the compiler said.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::{
    message::{Message, RustcMessage},
    process::{self, Chunk, Ended, Watcher},
    progress,
};

/// What one call built, and what it complained about.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The test binaries, by the manifest of their package and the name of their target.
    programs: BTreeMap<(PathBuf, String), PathBuf>,
    /// What the compiler said, in its order.
    messages: Vec<Message>,
    /// What cargo itself said.
    words: String,
    /// Whether cargo ended well.
    succeeded: bool,
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerArtifact {
        manifest_path: PathBuf,
        target: Target,
        executable: Option<PathBuf>,
        fresh: bool,
    },
    CompilerMessage {
        manifest_path: PathBuf,
        target: Target,
        message: RustcMessage,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Runs a call of cargo that has no `--message-format` yet. A build that fails is an answer, not an
/// error: an error is what keeps cargo from trying.
pub(crate) fn build(mut command: Command) -> anyhow::Result<Built> {
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    let mut reader = Reader::default();
    let ended = process::run(command, None, &mut reader).map_err(|error| {
        let missing = error.downcast_ref::<std::io::Error>();
        if missing.is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return error.context("cargo was not found; put it into PATH");
        }
        error
    })?;
    let mut built = reader.built;
    built.succeeded = matches!(ended, Ended::Status(status) if status.success());
    built.words = String::from_utf8_lossy(&reader.words).into_owned();
    built.blame_the_environment()?;
    Ok(built)
}

impl Built {
    /// The test binary of this package and target.
    pub(crate) fn program(&self, manifest: &std::path::Path, target: &str) -> Option<&PathBuf> {
        self.programs.get(&(manifest.into(), target.into()))
    }

    /// The errors.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.is_error)
    }

    /// The warnings.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| !message.is_error)
    }

    /// Cargo failed, and no source is at fault: no network, no linker, no space.
    fn blame_the_environment(&self) -> anyhow::Result<()> {
        if let Some(error) = self
            .errors()
            .find(|error| error.rendered.contains("linker `"))
        {
            let line = error.rendered.lines().next().unwrap_or_default();
            bail!(
                "{}; install a C toolchain",
                anstream::adapter::strip_str(line)
            );
        }
        if self.succeeded || self.errors().next().is_some() {
            return Ok(());
        }
        let words: Vec<&str> = self
            .words
            .lines()
            .map(str::trim)
            .skip_while(|line| !line.starts_with("error"))
            .filter(|line| !line.is_empty())
            .collect();
        Err(anyhow::anyhow!("{}", words.join(" "))).context("cargo could not build")
    }
}

/// Takes cargo's lines apart while they come.
#[derive(Default)]
struct Reader {
    built: Built,
    /// The beginning of a line whose end has not come yet.
    partial: Vec<u8>,
    words: Vec<u8>,
    /// How many crates were compiled so far.
    compiled: usize,
}

impl Watcher for Reader {
    fn printed(&mut self, chunk: Chunk) -> bool {
        match chunk {
            Chunk::Stdout(bytes) => {
                self.partial.extend_from_slice(&bytes);
                while let Some(end) = self.partial.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = self.partial.drain(..=end).collect();
                    self.read(&line);
                }
            }
            Chunk::Stderr(bytes) => self.words.extend_from_slice(&bytes),
            Chunk::Closed => {}
        }
        true
    }
}

impl Reader {
    fn read(&mut self, line: &[u8]) {
        match serde_json::from_slice(line) {
            Ok(Line::CompilerArtifact {
                manifest_path,
                target,
                executable,
                fresh,
            }) => {
                if !fresh {
                    self.compiled += 1;
                    progress::detail(&format!("building: {} ({})", target.name, self.compiled));
                }
                if let Some(program) = executable {
                    self.built
                        .programs
                        .insert((manifest_path, target.name), program);
                }
            }
            Ok(Line::CompilerMessage {
                manifest_path,
                target,
                message,
            }) => {
                let Some(message) = Message::of(manifest_path, target.name, message) else {
                    return;
                };
                // The library and its unit tests say the same twice.
                if !self.built.messages.contains(&message) {
                    self.built.messages.push(message);
                }
            }
            Ok(Line::Other) | Err(_) => {}
        }
    }
}
