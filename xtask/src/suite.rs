//! The tests of one built grader.

use std::sync::OnceLock;

use crate::{
    document::Verdict,
    parallel,
    sandbox::Grader,
    session::Session,
    verdict::{self, Judged},
};

/// Runs tests of a built grader. After one that did not end, those that have not begun are left out:
/// each would take its whole time again.
pub(crate) fn run(
    session: &Session,
    stage: &str,
    grader: &Grader,
    tests: &[String],
) -> anyhow::Result<Vec<Judged>> {
    let existing = grader.tests(&session.limits)?;
    let hung = OnceLock::new();
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
