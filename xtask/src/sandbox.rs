//! One test of a built grader, run alone under its limits.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use course::report::{MEMORY_LIMIT, REPORT_FILE, THREAD_LIMIT};

use crate::{
    limits::Limits,
    process::{self, Chunk, Ended, Watcher},
    record::{self, Record},
};

/// The environment variable with the file whose text is graded as the prediction.
const PREDICTION: &str = "COURSE_PREDICTION";

/// A grader that is built, and where it runs.
#[derive(Clone, Debug)]
pub(crate) struct Grader {
    /// The test binary.
    pub(crate) program: PathBuf,
    /// The folder of its package: the current folder of its tests.
    pub(crate) folder: PathBuf,
    /// The root of the workspace that it was built in: insta's paths begin there.
    pub(crate) root: PathBuf,
    /// The prediction to grade.
    pub(crate) prediction: Option<PathBuf>,
    /// Whether snapshots are rewritten: `bless` alone sets this.
    pub(crate) bless: bool,
}

/// What came of one process.
pub(crate) struct Run {
    /// How it ended.
    pub(crate) ended: Ended,
    /// How long it ran.
    pub(crate) time: Duration,
    /// What it printed on standard output, as far as its limit.
    pub(crate) stdout: Vec<u8>,
    /// What it printed on standard error, as far as its limit.
    pub(crate) stderr: Vec<u8>,
    /// Whether it printed more than it may.
    pub(crate) flood: bool,
    /// What the grader reported.
    pub(crate) record: Record,
}

impl Grader {
    /// Runs the one test of this name. `report` is a file that does not exist yet.
    pub(crate) fn run(&self, test: &str, limits: &Limits, report: &Path) -> anyhow::Result<Run> {
        let mut command = self.command(limits);
        command
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(REPORT_FILE, report);
        let mut witness = Witness::new(limits.output, Some(report));
        let begin = Instant::now();
        let ended = process::run(command, Some(limits.time), &mut witness)
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        let record = Record::read(report);
        let _ = fs::remove_file(report);
        Ok(Run {
            ended,
            time: begin.elapsed(),
            stdout: witness.stdout,
            stderr: witness.stderr,
            flood: witness.flood,
            record,
        })
    }

    /// The names of the tests that this grader has.
    pub(crate) fn tests(&self, limits: &Limits) -> anyhow::Result<Vec<String>> {
        let mut command = self.command(limits);
        command.args(["--list", "--format=terse"]);
        let mut witness = Witness::new(limits.output, None);
        process::run(command, Some(limits.time), &mut witness)
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        let text = String::from_utf8_lossy(&witness.stdout);
        let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.map(Into::into).collect())
    }

    fn command(&self, limits: &Limits) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.folder)
            .env(MEMORY_LIMIT, limits.memory.to_string())
            .env(THREAD_LIMIT, limits.threads.to_string())
            // A backtrace would take most of a failing test's time.
            .env("RUST_BACKTRACE", "0")
            .env("CARGO_MANIFEST_DIR", &self.folder)
            // Without this, insta asks cargo for it in every process.
            .env("INSTA_WORKSPACE_ROOT", &self.root)
            .env("INSTA_UPDATE", if self.bless { "always" } else { "no" });
        if self.bless {
            command.env("INSTA_FORCE_UPDATE", "1");
        }
        match &self.prediction {
            Some(file) => command.env(PREDICTION, file),
            None => command.env_remove(PREDICTION),
        };
        command
    }
}

/// Keeps what a test prints, and ends it when that, or its report, is too long.
struct Witness<'a> {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// How many bytes may still come.
    left: usize,
    flood: bool,
    report: Option<&'a Path>,
}

impl<'a> Witness<'a> {
    fn new(left: usize, report: Option<&'a Path>) -> Self {
        Witness {
            stdout: Vec::new(),
            stderr: Vec::new(),
            left,
            flood: false,
            report,
        }
    }
}

impl Watcher for Witness<'_> {
    fn printed(&mut self, chunk: Chunk) -> bool {
        let (kept, bytes) = match chunk {
            Chunk::Stdout(bytes) => (&mut self.stdout, bytes),
            Chunk::Stderr(bytes) => (&mut self.stderr, bytes),
            Chunk::Closed => return true,
        };
        let part = bytes.len().min(self.left);
        kept.extend_from_slice(&bytes[..part]);
        self.left -= part;
        self.flood |= part < bytes.len();
        !self.flood
    }

    fn tick(&mut self) -> bool {
        let length = self.report.and_then(|report| fs::metadata(report).ok());
        length.is_none_or(|report| report.len() < record::LONGEST)
    }
}
