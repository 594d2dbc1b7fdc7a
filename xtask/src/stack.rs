//! The learner's solved files of several stages, run together by one program.

use crate::{
    cargo,
    catalogue::{Stack, Stage},
    document::{StackReport, Verdict},
    exercise::Exercise,
    progress,
    sandbox::Grader,
    session::Session,
    suite,
    verdict::Judged,
};

/// A stack, graded.
#[derive(Debug)]
pub(crate) struct Stacked {
    /// The facts for the document.
    pub(crate) report: StackReport,
    /// The tests with their traces.
    pub(crate) tests: Vec<Judged>,
    /// The program, relative to the root.
    pub(crate) place: String,
}

/// One build and run of the stack.
struct Attempt {
    verdict: Verdict,
    message: Option<String>,
    tests: Vec<Judged>,
}

/// Runs the stack of a stage with these exercises' files in it. With none it runs on the reference.
pub(crate) fn grade(
    session: &Session,
    stage: &Stage,
    stack: &Stack,
    files: &[&Exercise],
) -> anyhow::Result<Stacked> {
    let number = stage.number;
    progress::step(&format!(
        "building the stack of stage {number}: the first time takes a while"
    ));
    let attempt = attempt(session, stage, stack, files)?;
    let culprit = match attempt.verdict {
        Verdict::Pass => None,
        _ => culprit(session, stage, stack, files)?,
    };
    let failed = attempt
        .tests
        .iter()
        .find(|test| test.report.verdict != Verdict::Pass);
    let report = StackReport {
        verdict: attempt.verdict,
        exercises: files.iter().map(|exercise| exercise.name.clone()).collect(),
        culprit: culprit.map(|exercise| exercise.name.clone()),
        message: attempt
            .message
            .map(|words| anstream::adapter::strip_str(&words).to_string()),
        tests: attempt
            .tests
            .iter()
            .map(|test| test.report.clone())
            .collect(),
        diagnosis: failed.and_then(|test| test.diagnosis.clone()),
    };
    Ok(Stacked {
        report,
        tests: attempt.tests,
        place: stack.place(),
    })
}

fn attempt(
    session: &Session,
    stage: &Stage,
    stack: &Stack,
    files: &[&Exercise],
) -> anyhow::Result<Attempt> {
    let root = &session.workspace.root;
    let mut command = session.workspace.cargo();
    command.args(["test", "--no-run", "--test", "stack"]);
    // A feature can be turned on only for a package that is selected.
    for below in session
        .catalogue
        .stages
        .iter()
        .filter(|below| below.number <= stage.number)
    {
        command.args(["--package", &below.package]);
    }
    if stack.package != stage.package {
        command.args(["--package", &stack.package]);
    }
    for exercise in files {
        command
            .arg("--features")
            .arg(format!("{}/{}", exercise.package, exercise.feature()));
    }
    let lock = session.lock("build")?;
    let built = cargo::build(command)?;
    let folder = root.join(&stack.folder);
    let Some(program) = built.program(&folder.join("Cargo.toml"), "stack") else {
        let words: Vec<&str> = built
            .errors()
            .map(|error| error.rendered.trim_end())
            .collect();
        let message = Some(words.join("\n\n"));
        return Ok(Attempt {
            verdict: Verdict::DoesNotCompile,
            message,
            tests: Vec::new(),
        });
    };
    let program = session.keep(program)?;
    drop(lock);
    let grader = Grader {
        program,
        folder,
        root: root.clone(),
        prediction: None,
        bless: false,
    };
    let tests = suite::run(session, &stage.folder, &grader, &stack.tests)?;
    let failed = tests
        .iter()
        .find(|test| test.report.verdict != Verdict::Pass);
    Ok(Attempt {
        verdict: failed.map_or(Verdict::Pass, |test| test.report.verdict),
        message: failed.and_then(|test| test.message.clone()),
        tests,
    })
}

/// The file at fault, if it is one of them: the stack passes on the reference, and fails with this file alone; or, where no single file does that, the stack
/// passes as soon as it is left out.
fn culprit<'a>(
    session: &Session,
    stage: &Stage,
    stack: &Stack,
    files: &[&'a Exercise],
) -> anyhow::Result<Option<&'a Exercise>> {
    progress::step("the stack fails; trying it on the reference");
    if attempt(session, stage, stack, &[])?.verdict != Verdict::Pass {
        return Ok(None);
    }
    if let [only] = files {
        return Ok(Some(only));
    }
    for exercise in files {
        progress::step(&format!(
            "the stack fails; trying it with {} alone",
            exercise.name
        ));
        if attempt(session, stage, stack, &[exercise])?.verdict != Verdict::Pass {
            return Ok(Some(exercise));
        }
    }
    for exercise in files {
        progress::step(&format!(
            "the stack fails; trying it without {}",
            exercise.name
        ));
        let mut others = files.to_vec();
        others.retain(|other| other.name != exercise.name);
        if attempt(session, stage, stack, &others)?.verdict == Verdict::Pass {
            return Ok(Some(exercise));
        }
    }
    Ok(None)
}
