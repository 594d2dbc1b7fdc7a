//! One exercise with its verdict, and what led to it.

use course::diagnosis::Diagnosis;

use crate::{
    document::{ExerciseReport, Verdict},
    exercise::Exercise,
    rejected::Rejection,
    verdict::Judged,
};

/// One exercise, graded.
#[derive(Debug)]
pub(crate) struct Graded {
    /// The facts for the document.
    pub(crate) report: ExerciseReport,
    /// The message with its colours, where the compiler has written it.
    pub(crate) words: Option<String>,
    /// The tests with their traces; empty where the verdict was known without a run.
    pub(crate) tests: Vec<Judged>,
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
        graded.report.message = message.as_deref().map(plain);
        graded.words = message;
        graded
    }

    /// An exercise whose file the compiler rejects.
    pub(crate) fn rejected(exercise: &Exercise, file: String, rejection: &Rejection) -> Graded {
        let words = Some(rejection.words.clone());
        let mut graded = Graded::without_run(exercise, file, Verdict::DoesNotCompile, words);
        graded.report.diagnosis = rejection.diagnosis.clone();
        graded
    }

    /// An exercise whose tests have run: the first that did not pass decides.
    pub(crate) fn of(exercise: &Exercise, file: String, mut tests: Vec<Judged>) -> Graded {
        for test in &mut tests {
            let diagnoses = test.diagnosis.iter_mut().chain(&mut test.advice);
            diagnoses.for_each(|diagnosis| send_to_its_section(exercise, diagnosis));
        }
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
            message: failed.and_then(|test| test.message.as_deref().map(plain)),
            tests: tests.iter().map(|test| test.report.clone()).collect(),
            diagnosis: failed.and_then(|test| test.diagnosis.clone()),
            advice,
        };
        Graded {
            report,
            words: failed.and_then(|test| test.message.clone()),
            tests,
        }
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

    /// An exercise whose verdict is known from an earlier run.
    pub(crate) fn known(report: ExerciseReport) -> Graded {
        Graded {
            report,
            words: None,
            tests: Vec::new(),
        }
    }
}

fn plain(words: &str) -> String {
    anstream::adapter::strip_str(words).to_string()
}

/// A mistake that may happen in any exercise is explained in the section of the one in which it did: its
/// diagnosis leads to all of the stage's exercises.
fn send_to_its_section(exercise: &Exercise, diagnosis: &mut Diagnosis) {
    if let Some(page) = diagnosis.read.strip_suffix("#exercises") {
        diagnosis.read = format!("{page}#{}", exercise.chapter);
    }
}
