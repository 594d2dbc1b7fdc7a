//! Every candidate gets the verdict that its first line states, and every skeleton fails.
//!
//! A *share* is for a machine that has little time: it leaves most of the candidates to the others, and
//! none of the skeletons.

use std::path::PathBuf;

use super::{Findings, Task, graders, layout};
use crate::{
    catalogue::Stage,
    document::Verdict,
    exercise::{Exercise, Kind},
    expectation::{self, Expectation},
    files, gallery,
    graded::Graded,
    parallel,
    prepare::Prepared,
    progress,
    rejected::Rejection,
    sandbox::Grader,
    scratch::{self, Candidate},
    session::Session,
    verdict::{self, Judged},
};

/// A candidate, and what must become of it.
struct Trial<'a> {
    exercise: &'a Exercise,
    file: PathBuf,
    /// `None` for a skeleton: it must fail, however.
    expected: Option<Expectation>,
}

/// A trial that can be run.
struct Ready<'a> {
    trial: Trial<'a>,
    prepared: Prepared,
}

/// Checks the candidates of every stage, each stage's built in one call.
pub(crate) fn check(
    session: &Session,
    task: Task<'_>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for stage in &session.catalogue.stages {
        let mut trials = Vec::new();
        for exercise in stage
            .exercises
            .iter()
            .filter(|exercise| task.includes(exercise))
        {
            collect(session, task, exercise, &mut trials, findings)?;
        }
        if trials.is_empty() {
            continue;
        }
        let (texts, sources) = trials
            .into_iter()
            .partition(|trial| trial.exercise.kind == Kind::Predict || trial.exercise.is_gallery());
        let mut ready = without_build(session, stage, texts)?;
        ready.extend(build(session, stage, sources, findings)?);
        grade(session, task, stage, &ready, findings)?;
    }
    Ok(())
}

fn collect<'a>(
    session: &Session,
    task: Task<'_>,
    exercise: &'a Exercise,
    trials: &mut Vec<Trial<'a>>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let skeleton = session.workspace.root.join(exercise.skeleton());
    if skeleton.is_file() {
        trials.push(Trial {
            exercise,
            file: skeleton,
            expected: None,
        });
    }
    for prefix in ["right-", "wrong-"] {
        for (index, file) in layout::candidates(session, exercise, prefix)
            .into_iter()
            .enumerate()
        {
            if task.share.is_some_and(|share| !share.includes(index)) {
                findings.skipped += 1;
                continue;
            }
            let place = session.workspace.relative(&file);
            match Expectation::read(&files::read_text(&file)?) {
                Err(problem) => findings.problem(place, problem),
                Ok(expected) if expected.is_pass() != (prefix == "right-") => {
                    findings.problem(place, "its name and its first line contradict each other");
                }
                Ok(expected) => {
                    trials.push(Trial {
                        exercise,
                        file,
                        expected: Some(expected),
                    });
                }
            }
        }
    }
    Ok(())
}

/// Predictions need no build of their own: the grader reads them when it runs. Nor do galleries: they are
/// there not to be built.
fn without_build<'a>(
    session: &Session,
    stage: &Stage,
    trials: Vec<Trial<'a>>,
) -> anyhow::Result<Vec<Ready<'a>>> {
    let mut ready = Vec::new();
    for trial in trials {
        if trial.exercise.is_gallery() {
            let prepared = gallery::judge(session, trial.exercise, &trial.file)?;
            ready.push(Ready { trial, prepared });
            continue;
        }
        let name = trial.exercise.name.as_str();
        let grader = graders::build(session, &stage.folder, &stage.package, &[name])?.pop();
        let prepared = match grader {
            Some(Ok(grader)) => Prepared::Ready(Grader {
                prediction: Some(trial.file.clone()),
                ..grader
            }),
            Some(Err(problem)) => Prepared::Rejected(Rejection {
                words: format!("its grader {problem}"),
                diagnosis: None,
            }),
            None => unreachable!("one grader was asked for"),
        };
        ready.push(Ready { trial, prepared });
    }
    Ok(ready)
}

fn build<'a>(
    session: &Session,
    stage: &Stage,
    trials: Vec<Trial<'a>>,
    findings: &mut Findings,
) -> anyhow::Result<Vec<Ready<'a>>> {
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    progress::step(&format!(
        "stage {}: building {} candidates",
        stage.number,
        trials.len()
    ));
    let candidates: Vec<Candidate<'_>> = trials.iter().map(candidate).collect();
    let lock = session.lock("verify")?;
    let batch = scratch::build(session, &format!("verify-{}", stage.number), &candidates)?;
    let mut ready = Vec::new();
    for (trial, candidate) in trials.into_iter().zip(&candidates) {
        if trial.expected.is_none() {
            for warning in batch.warnings(candidate) {
                let first = warning.lines().next().unwrap_or_default().to_string();
                findings.problem(
                    trial.exercise.skeleton(),
                    format!("compiles with a {first}"),
                );
            }
        }
        let prepared = batch.prepared(session, candidate)?;
        ready.push(Ready { trial, prepared });
    }
    drop(lock);
    Ok(ready)
}

fn candidate<'a>(trial: &Trial<'a>) -> Candidate<'a> {
    let stem = trial.file.file_stem().unwrap_or_default().to_string_lossy();
    let package = format!("{}--{stem}", trial.exercise.name);
    Candidate {
        exercise: trial.exercise,
        file: trial.file.clone(),
        package,
    }
}

fn grade(
    session: &Session,
    task: Task<'_>,
    stage: &Stage,
    ready: &[Ready<'_>],
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for round in 1..=task.repeat {
        progress::step(&format!(
            "stage {}: running {} candidates ({round} of {})",
            stage.number,
            ready.len(),
            task.repeat
        ));
        let graded = parallel::map(task.jobs, ready, |ready| run(session, ready));
        for (ready, graded) in ready.iter().zip(graded) {
            findings.verdicts += 1;
            compare(session, &ready.trial, &graded?, findings);
        }
    }
    Ok(())
}

/// Runs the tests in their order, as far as the first that does not pass: that one gives the verdict.
fn run(session: &Session, ready: &Ready<'_>) -> anyhow::Result<Graded> {
    let exercise = ready.trial.exercise;
    let file = session.workspace.relative(&ready.trial.file);
    let grader = match &ready.prepared {
        Prepared::Ready(grader) => grader,
        Prepared::Rejected(rejection) => return Ok(Graded::rejected(exercise, file, rejection)),
        Prepared::Judged(tests) => return Ok(Graded::of(exercise, file, tests.clone())),
    };
    let mut tests: Vec<Judged> = Vec::new();
    for test in &exercise.tests {
        let run = grader.run(test, &session.limits, &session.fresh_file("report"))?;
        tests.push(verdict::judge(test, &exercise.folder, &session.limits, run));
        if tests
            .last()
            .is_some_and(|test| test.report.verdict != Verdict::Pass)
        {
            break;
        }
    }
    Ok(Graded::of(exercise, file, tests))
}

fn compare(session: &Session, trial: &Trial<'_>, graded: &Graded, findings: &mut Findings) {
    let outcome = expectation::outcome(graded);
    let place = session.workspace.relative(&trial.file);
    match &trial.expected {
        Some(expected) if !expected.is_met_by(graded) => {
            let content = files::read_text(&trial.file).unwrap_or_default();
            let first = content.lines().next().unwrap_or_default().to_string();
            findings.problem(place, format!("says `{first}`, and got {outcome}"));
        }
        None if !fails_as_it_should(trial.exercise, graded) => {
            findings.problem(place, format!("a skeleton has to fail, and got {outcome}"));
        }
        _ => {}
    }
}

/// A skeleton compiles and runs, and only is not right: unless what it is about is that it does not.
fn fails_as_it_should(exercise: &Exercise, graded: &Graded) -> bool {
    match graded.report.verdict {
        Verdict::DoesNotCompile => {
            exercise.kind == Kind::Compile && graded.report.diagnosis.is_some()
        }
        Verdict::Fail => exercise.kind != Kind::Compile || exercise.is_gallery(),
        verdict => matches!(verdict, Verdict::Hang | Verdict::Crash),
    }
}
