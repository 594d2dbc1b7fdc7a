//! Grades one exercise: the learner's file, any other file in its place, or the reference.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::{
    api,
    cache::Slot,
    cargo::{self, Built},
    catalogue::{Exercise, Kind},
    document::{ExerciseReport, Verdict},
    files, freshness, parallel, progress,
    sandbox::Grader,
    scratch,
    session::Session,
    verdict::{self, Judged},
};

/// Whose work is graded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// The file in `exercises/`.
    Learner,
    /// Another file, as if it were that one.
    File(&'a Path),
    /// The course's own answer.
    Reference,
}

/// One exercise, graded.
#[derive(Debug)]
pub(crate) struct Graded {
    /// The facts for the document.
    pub(crate) report: ExerciseReport,
    /// The tests with their traces; empty where the verdict was known without a run.
    pub(crate) tests: Vec<Judged>,
}

/// Grades one exercise.
pub(crate) fn grade(
    session: &Session,
    exercise: &Exercise,
    subject: Subject<'_>,
) -> anyhow::Result<Graded> {
    let name = match subject {
        Subject::Learner => exercise.file(),
        Subject::Reference => exercise.reference(),
        Subject::File(file) => file.display().to_string(),
    };
    if let Subject::Reference = subject {
        return build_and_run(session, exercise, subject, name);
    }
    let path = match subject {
        Subject::File(file) => file.to_path_buf(),
        _ => session.workspace.root.join(&name),
    };
    let content = match fs::read(&path) {
        Ok(content) => content,
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound
                && matches!(subject, Subject::Learner) =>
        {
            let message = format!(
                "{name} is missing; `cargo xtask reset {}` restores it",
                exercise.name
            );
            return Ok(Graded::without_run(
                exercise,
                name,
                Verdict::DoesNotCompile,
                Some(message),
            ));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if is_skeleton(session, exercise, &content)? {
        return Ok(Graded::without_run(
            exercise,
            name,
            Verdict::NotStarted,
            None,
        ));
    }
    let slot = Slot::of(session, exercise, &content)?;
    if let Some(report) = slot.get() {
        let report = ExerciseReport {
            file: name,
            ..report
        };
        return Ok(Graded {
            report,
            tests: Vec::new(),
        });
    }
    let graded = build_and_run(session, exercise, subject, name)?;
    // The compiler may have read another version of the file than the one that the slot is for.
    if fs::read(&path).is_ok_and(|now| now == content) {
        slot.put(&graded.report);
    }
    Ok(graded)
}

/// Whether this is still what the learner was given.
pub(crate) fn is_skeleton(
    session: &Session,
    exercise: &Exercise,
    content: &[u8],
) -> anyhow::Result<bool> {
    let skeleton = files::read(&session.workspace.root.join(exercise.skeleton()))?;
    Ok(files::unix_lines(content) == files::unix_lines(&skeleton))
}

/// Whether the learner's file is known to pass from an earlier run. Nothing is built.
pub(crate) fn known_pass(session: &Session, exercise: &Exercise) -> anyhow::Result<bool> {
    let Ok(content) = fs::read(session.workspace.root.join(exercise.file())) else {
        return Ok(false);
    };
    Ok(Slot::of(session, exercise, &content)?.get().is_some())
}

fn build_and_run(
    session: &Session,
    exercise: &Exercise,
    subject: Subject<'_>,
    name: String,
) -> anyhow::Result<Graded> {
    progress::step(&format!("building {}", exercise.name));
    let prepared = match (subject, exercise.kind) {
        // A prediction is read when the grader runs; there is nothing of the learner's to build.
        (Subject::Reference, _) | (_, Kind::Predict) => in_place(session, exercise, false)?,
        (Subject::Learner, _) => in_place(session, exercise, true)?,
        (Subject::File(file), _) => scratch::one(session, exercise, file)?,
    };
    let mut grader = match prepared {
        Prepared::Ready(grader) => grader,
        Prepared::Rejected(message) => {
            return Ok(Graded::without_run(
                exercise,
                name,
                Verdict::DoesNotCompile,
                Some(message),
            ));
        }
    };
    if exercise.kind == Kind::Predict {
        grader.prediction = Some(match subject {
            Subject::File(file) => std::path::absolute(file)?,
            _ => session.workspace.root.join(&name),
        });
    }
    progress::step(&format!("running {}", exercise.name));
    let tests = run(session, &exercise.folder, &grader, &exercise.tests)?;
    Ok(Graded::of(exercise, name, tests))
}

/// A grader, or why there is none.
pub(crate) enum Prepared {
    /// It can run.
    Ready(Grader),
    /// The compiler's words.
    Rejected(String),
}

/// Builds the grader in the main workspace, on the learner's file or on the reference.
pub(crate) fn in_place(
    session: &Session,
    exercise: &Exercise,
    learner: bool,
) -> anyhow::Result<Prepared> {
    let root = &session.workspace.root;
    let mut command = session.workspace.cargo();
    command.args([
        "test",
        "--no-run",
        "--package",
        &exercise.package,
        "--test",
        &exercise.name,
    ]);
    if learner {
        command.args(["--features", &exercise.feature()]);
    }
    let lock = session.lock("build")?;
    if learner {
        freshness::ensure(session, exercise)?;
    }
    let built = cargo::build(command)?;
    let folder = root.join(&exercise.folder);
    let Some(program) = built.program(&folder.join("Cargo.toml"), &exercise.name) else {
        let file = root.join(exercise.file());
        let words = compiler_words(session, exercise, &built, &folder.join("Cargo.toml"), &file);
        return Ok(Prepared::Rejected(words));
    };
    let program = session.keep(program)?;
    drop(lock);
    Ok(Prepared::Ready(Grader {
        program,
        folder,
        root: root.clone(),
        prediction: None,
        bless: false,
    }))
}

/// Why it does not compile: the errors in the learner's file; where there is none, those of its
/// package, with what the course misses in the file.
pub(crate) fn compiler_words(
    session: &Session,
    exercise: &Exercise,
    built: &Built,
    manifest: &Path,
    file: &Path,
) -> String {
    let own = format!("exercises/{}.{}", exercise.name, exercise.extension());
    let package: Vec<_> = built
        .errors()
        .filter(|message| message.manifest == manifest)
        .collect();
    let mut inside = package.clone();
    inside.retain(|message| message.files.iter().any(|file| file.ends_with(&own)));
    // Where neither the file nor its package is at fault, whatever else failed is what there is to say.
    let shown = match (inside.is_empty(), package.is_empty()) {
        (false, _) => inside.clone(),
        (true, false) => package,
        (true, true) => built.errors().collect(),
    };
    let mut words = Vec::new();
    for message in &shown {
        words.push(
            message
                .rendered
                .replace("src/../exercises/", "exercises/")
                .trim_end()
                .to_string(),
        );
    }
    if inside.is_empty() {
        words.push(what_is_missing(session, exercise, file));
    }
    words.join("\n\n")
}

fn what_is_missing(session: &Session, exercise: &Exercise, file: &Path) -> String {
    let skeleton = files::read_text(&session.workspace.root.join(exercise.skeleton()));
    let (Ok(skeleton), Ok(own)) = (skeleton, fs::read_to_string(file)) else {
        return "The file cannot be read as text: it has to be UTF-8.".into();
    };
    let own = api::of(&own);
    let missing: Vec<String> = api::of(&skeleton)
        .into_iter()
        .filter(|item| !own.contains(item))
        .collect();
    if missing.is_empty() {
        return "The error is outside the exercise's file: something else in the package has changed.".into();
    }
    format!(
        "The course uses these items of your file, and it has none like them:\n  {}",
        missing.join("\n  ")
    )
}

/// Runs tests of a built grader. After one that did not end, those that have not begun are left out:
/// each would take its whole time again.
pub(crate) fn run(
    session: &Session,
    stage: &str,
    grader: &Grader,
    tests: &[String],
) -> anyhow::Result<Vec<Judged>> {
    let existing = grader.tests(&session.limits)?;
    let hung = std::sync::OnceLock::new();
    let one = |test: &String| -> anyhow::Result<Judged> {
        if !existing.contains(test) {
            return Ok(Judged::without_result(
                test,
                format!("the grader has no test `{test}`"),
            ));
        }
        if let Some(first) = hung.get() {
            return Ok(Judged::without_result(
                test,
                format!("not run, because {first} did not end"),
            ));
        }
        let run = grader.run(test, &session.limits, &session.fresh_file("report"))?;
        let judged = verdict::judge(test, stage, &session.limits, run);
        if judged.report.verdict == Verdict::Hang {
            let _ = hung.set(test.clone());
        }
        Ok(judged)
    };
    parallel::map(parallel::processors(), tests, one)
        .into_iter()
        .collect()
}

impl Graded {
    /// An exercise whose verdict is known without running it.
    pub(crate) fn without_run(
        exercise: &Exercise,
        file: String,
        verdict: Verdict,
        message: Option<String>,
    ) -> Graded {
        let mut graded = Graded::of(exercise, file, Vec::new());
        graded.report.verdict = verdict;
        graded.report.message =
            message.map(|message| anstream::adapter::strip_str(&message).to_string());
        graded
    }

    /// An exercise whose tests have run: the first that did not pass decides.
    pub(crate) fn of(exercise: &Exercise, file: String, tests: Vec<Judged>) -> Graded {
        let mut advice = Vec::new();
        for remark in tests.iter().flat_map(|test| &test.advice) {
            if !advice.contains(remark) {
                advice.push(remark.clone());
            }
        }
        let failed = tests
            .iter()
            .find(|test| test.report.verdict != Verdict::Pass);
        let report = ExerciseReport {
            name: exercise.name.clone(),
            kind: exercise.kind,
            file,
            verdict: failed.map_or(Verdict::Pass, |test| test.report.verdict),
            message: failed.and_then(|test| test.message.clone()),
            tests: tests.iter().map(|test| test.report.clone()).collect(),
            diagnosis: failed.and_then(|test| test.diagnosis.clone()),
            advice,
        };
        Graded { report, tests }
    }

    /// The first test that did not pass.
    pub(crate) fn failed(&self) -> Option<&Judged> {
        self.tests
            .iter()
            .find(|test| test.report.verdict != Verdict::Pass)
    }

    /// Whether it passes.
    pub(crate) fn passed(&self) -> bool {
        self.report.verdict == Verdict::Pass
    }
}
