//! The references pass, and the manifests list the tests that the graders have.

use super::{Findings, Task, graders};
use crate::{
    catalogue::{Stack, Stage},
    document::Verdict,
    exercise::{Exercise, Kind},
    expectation,
    grade::{self, Subject},
    graded::Graded,
    progress,
    sandbox::Grader,
    session::Session,
    suite,
};

/// Checks the references of every stage, each stage's graders built in one call.
pub(crate) fn check(
    session: &Session,
    task: Task<'_>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for stage in &session.catalogue.stages {
        let exercises: Vec<&Exercise> = stage
            .exercises
            .iter()
            .filter(|exercise| task.includes(exercise))
            .collect();
        let (galleries, exercises): (Vec<&Exercise>, Vec<&Exercise>) = exercises
            .into_iter()
            .partition(|exercise| exercise.is_gallery());
        for exercise in galleries {
            let graded = grade::grade(session, exercise, Subject::Reference)?;
            judge(exercise, &graded, findings);
        }
        let stack = stage.stack.as_ref().filter(|_| task.only.is_none());
        if exercises.is_empty() && stack.is_none() {
            continue;
        }
        progress::step(&format!(
            "stage {}: building the graders on the reference",
            stage.number
        ));
        let targets: Vec<&str> = exercises
            .iter()
            .map(|exercise| exercise.name.as_str())
            .collect();
        let graders = graders::build(session, &stage.folder, &stage.package, &targets)?;
        for (exercise, grader) in exercises.iter().zip(graders) {
            match grader {
                Ok(grader) => reference(session, exercise, grader, findings)?,
                Err(problem) => {
                    let place = format!("{}/tests/{}.rs", stage.folder, exercise.name);
                    findings.problem(place, problem);
                }
            }
        }
        if let Some(stack) = stack {
            self::stack(session, stage, stack, findings)?;
        }
    }
    Ok(())
}

fn reference(
    session: &Session,
    exercise: &Exercise,
    mut grader: Grader,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    compare_lists(
        session,
        &exercise.folder,
        &exercise.name,
        &grader,
        &exercise.tests,
        findings,
    )?;
    if exercise.kind == Kind::Predict {
        grader.prediction = Some(session.workspace.root.join(exercise.reference()));
    }
    let tests = suite::run(session, &exercise.folder, &grader, &exercise.tests)?;
    judge(
        exercise,
        &Graded::of(exercise, exercise.reference(), tests),
        findings,
    );
    Ok(())
}

fn judge(exercise: &Exercise, graded: &Graded, findings: &mut Findings) {
    findings.references += 1;
    if !graded.passed() {
        findings.problem(
            exercise.reference(),
            format!("the reference: {}", expectation::outcome(graded)),
        );
    }
    for remark in &graded.report.advice {
        findings.problem(
            exercise.reference(),
            format!("the reference gets advice: {}", remark.code),
        );
    }
}

fn stack(
    session: &Session,
    stage: &Stage,
    stack: &Stack,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let place = stack.place();
    let graders = graders::build(session, &stack.folder, &stack.package, &["stack"])?;
    let Some(grader) = graders.into_iter().next() else {
        return Ok(());
    };
    let grader = match grader {
        Ok(grader) => grader,
        Err(problem) => {
            findings.problem(place, problem);
            return Ok(());
        }
    };
    compare_lists(
        session,
        &stage.folder,
        "stack",
        &grader,
        &stack.tests,
        findings,
    )?;
    for test in suite::run(session, &stage.folder, &grader, &stack.tests)? {
        if test.report.verdict != Verdict::Pass {
            let seen = test
                .diagnosis
                .map(|diagnosis| diagnosis.seen)
                .or(test.message);
            let what = format!("{}: {}", test.report.name, test.report.verdict.name());
            findings.problem(&place, format!("{what} ({})", seen.unwrap_or_default()));
        }
    }
    Ok(())
}

fn compare_lists(
    session: &Session,
    stage: &str,
    target: &str,
    grader: &Grader,
    listed: &[String],
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let existing = grader.tests(&session.limits)?;
    for test in existing.iter().filter(|test| !listed.contains(test)) {
        let what = format!("does not list `{test}` of tests/{target}.rs");
        findings.problem(format!("{stage}/Cargo.toml"), what);
    }
    for test in listed.iter().filter(|test| !existing.contains(test)) {
        let what = format!("lists `{test}`, which tests/{target}.rs does not have");
        findings.problem(format!("{stage}/Cargo.toml"), what);
    }
    Ok(())
}
