//! The references pass, and the manifests list the tests that the graders have.

use super::{Findings, Task, graders};
use crate::{
    catalogue::Stage,
    document::Verdict,
    exercise::{Exercise, Kind},
    expectation,
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
        let stack = task.only.is_none() && !stage.stack.is_empty();
        if exercises.is_empty() && !stack {
            continue;
        }
        progress::step(&format!(
            "stage {}: building the graders on the reference",
            stage.number
        ));
        let mut targets: Vec<&str> = exercises
            .iter()
            .map(|exercise| exercise.name.as_str())
            .collect();
        if stack {
            targets.push("stack");
        }
        let graders = graders::build(session, stage, &targets)?;
        for (target, grader) in targets.iter().zip(graders) {
            let grader = match grader {
                Ok(grader) => grader,
                Err(problem) => {
                    findings.problem(format!("{}/tests/{target}.rs", stage.folder), problem);
                    continue;
                }
            };
            match exercises.iter().find(|exercise| exercise.name == *target) {
                Some(exercise) => reference(session, exercise, grader, findings)?,
                None => self::stack(session, stage, &grader, findings)?,
            }
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
    let graded = Graded::of(exercise, exercise.reference(), tests);
    findings.references += 1;
    if !graded.passed() {
        findings.problem(
            exercise.reference(),
            format!("the reference: {}", expectation::outcome(&graded)),
        );
    }
    for remark in &graded.report.advice {
        findings.problem(
            exercise.reference(),
            format!("the reference gets advice: {}", remark.code),
        );
    }
    Ok(())
}

fn stack(
    session: &Session,
    stage: &Stage,
    grader: &Grader,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    compare_lists(
        session,
        &stage.folder,
        "stack",
        grader,
        &stage.stack,
        findings,
    )?;
    for test in suite::run(session, &stage.folder, grader, &stage.stack)? {
        if test.report.verdict != Verdict::Pass {
            let seen = test
                .diagnosis
                .map(|diagnosis| diagnosis.seen)
                .or(test.message);
            let what = format!("{}: {}", test.report.name, test.report.verdict.name());
            findings.problem(
                format!("{}/tests/stack.rs", stage.folder),
                format!("{what} ({})", seen.unwrap_or_default()),
            );
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
