//! How long a learner waits for a verdict: `cargo bench -p xtask --bench feedback_loop`.
//!
//! Everything is measured in a fresh clone of the repository's last commit, in a target folder of its
//! own, side by side in one run: each round edits the file, runs plain `cargo test` on the exercise's
//! target, edits it again, and runs the command. Medians of [`ROUNDS`] rounds, and the median of the
//! rounds' own ratios, because machines are noisy. The crates are downloaded before the clock starts.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Rounds of the warm measurements.
const ROUNDS: usize = 15;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let clone = Checkout::make(folder.path());

    println!("Cold: an empty target folder, the crates downloaded");
    let list = clone.time(&["xtask", "check-stage", "1"]);
    row("fresh clone → what to do first", list);
    clone.forget_builds();
    clone.solve("join");
    let verdict = clone.time(&["xtask", "check-stage", "1", "--exercise", "join"]);
    row("fresh clone → first verdict (join, solved)", verdict);

    println!("\nWarm: one edit, then the verdict; medians of {ROUNDS} rounds");
    let plain_args = [
        "test",
        "--quiet",
        "-p",
        "simple-future",
        "--features",
        "my-join",
        "--test",
        "join",
    ];
    let xtask_args = ["xtask", "check-stage", "1", "--exercise", "join"];
    clone.time(&plain_args);
    let (mut plain, mut xtask, mut cached) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        clone.edit("join", 2 * round);
        plain.push(clone.time(&plain_args));
        clone.edit("join", 2 * round + 1);
        xtask.push(clone.time(&xtask_args));
        cached.push(clone.time(&xtask_args));
    }
    row("plain cargo test of the same target", median(&plain));
    row("cargo xtask check-stage 1 --exercise join", median(&xtask));
    let mut ratios: Vec<f64> = (plain.iter().zip(&xtask))
        .map(|(plain, xtask)| xtask.as_secs_f64() / plain.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{:<44} {:>8.2} times",
        "  ratio of the two, by rounds",
        ratios[ratios.len() / 2]
    );
    row("the same again, nothing edited", median(&cached));

    println!("\nWhole stage, everything solved; medians of {ROUNDS} rounds");
    for exercise in clone.unsolved() {
        clone.solve(&exercise);
    }
    let stage_args = ["xtask", "check-stage", "1"];
    row("first time", clone.time(&stage_args));
    let mut stage = Vec::new();
    for round in 0..ROUNDS {
        clone.edit("join", 2 * ROUNDS + round);
        stage.push(clone.time(&stage_args));
    }
    row("one exercise edited", median(&stage));
}

/// A clone of the repository that is built on its own.
struct Checkout {
    /// The clone's root.
    root: PathBuf,
    /// Its target folder.
    target: PathBuf,
}

impl Checkout {
    fn make(folder: &Path) -> Self {
        let root = folder.join("clone");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let cloned = Command::new("git")
            .args(["clone", "--quiet", "--no-hardlinks"])
            .args([&source, &root])
            .status();
        assert!(
            cloned.is_ok_and(|status| status.success()),
            "git clones the repository"
        );
        let clone = Checkout {
            target: folder.join("target"),
            root,
        };
        clone.time(&["fetch", "--quiet", "--locked"]);
        clone
    }

    /// Runs cargo in the clone, and gives the time it took. What it prints is thrown away, and so is
    /// its exit status: an unsolved stage ends with 1.
    fn time(&self, arguments: &[&str]) -> Duration {
        let start = Instant::now();
        let status = Command::new("cargo")
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("cargo runs");
        let time = start.elapsed();
        assert!(
            matches!(status.code(), Some(0 | 1)),
            "cargo {arguments:?} ended with {status}"
        );
        time
    }

    fn forget_builds(&self) {
        fs::remove_dir_all(&self.target).expect("the target folder is ours");
    }

    /// The exercises of stage 1 by name.
    fn unsolved(&self) -> Vec<String> {
        let folder = self.root.join("tests/solutions/01-simple-future");
        let entries = fs::read_dir(folder).expect("the solutions of stage 1");
        let names = entries.map(|entry| entry.expect("readable").file_name());
        names.filter_map(|name| name.into_string().ok()).collect()
    }

    /// Puts the reference in the place of the learner's file.
    fn solve(&self, exercise: &str) {
        let stage = self.root.join("01-simple-future");
        let solutions = self
            .root
            .join("tests/solutions/01-simple-future")
            .join(exercise);
        let candidates = [
            (solutions.join("reference.txt"), "txt"),
            (solutions.join("reference.rs"), "rs"),
            (stage.join("src").join(exercise).with_extension("rs"), "rs"),
        ];
        let (reference, extension) = (candidates.into_iter())
            .find(|(file, _)| file.exists())
            .expect("every exercise has a reference");
        let learners = stage
            .join("exercises")
            .join(exercise)
            .with_extension(extension);
        fs::copy(reference, learners).expect("the clone is ours");
    }

    /// Changes the learner's file so that it has to be compiled again.
    fn edit(&self, exercise: &str, round: usize) {
        let file = self
            .root
            .join("01-simple-future/exercises")
            .join(exercise)
            .with_extension("rs");
        let text = fs::read_to_string(&file).expect("solved before");
        let code = text.split("\n// edit ").next().unwrap_or(&text);
        fs::write(&file, format!("{code}\n// edit {round}\n")).expect("the clone is ours");
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}

fn row(what: &str, time: Duration) {
    println!("{what:<44} {:>8.2} s", time.as_secs_f64());
}
