//! Exercises, stacks and stages, as a learner sees them.

use super::{
    diff,
    printed::printed,
    reason::{reason, remarks},
    style::{bad, command, faint, good, strong},
    wrap::{WIDTH, indented, labelled},
};
use crate::{
    catalogue::Stage,
    document::{TestReport, Verdict},
    exercise::{Exercise, Kind},
    graded::Graded,
    stack::Stacked,
    verdict::{Judged, readable},
};

/// The line above a stage's exercises, with how many of them are solved where that is the question.
pub(crate) fn heading(stage: &Stage, solved: Option<usize>) -> String {
    let title = format!("Stage {} · {}", stage.number, stage.title);
    let Some(solved) = solved else {
        return format!("\n{}\n", strong(title));
    };
    let count = format!("{solved} of {} solved", stage.exercises.len());
    let gap = (WIDTH - 8)
        .saturating_sub(title.chars().count() + count.len())
        .max(2);
    format!("\n{}{}{}\n", strong(title), " ".repeat(gap), faint(count))
}

/// One exercise. `own` says that the learner's file was graded: then there is a next step to name.
pub(crate) fn exercise(exercise: &Exercise, graded: &Graded, own: bool) -> String {
    let report = &graded.report;
    if report.verdict == Verdict::NotStarted {
        return not_started(exercise) + &what_was_given(exercise, graded);
    }
    let mut page = format!(
        "\n{} {}    {}",
        mark(report.verdict),
        strong(&report.name),
        faint(&report.file)
    );
    let named = report.diagnosis.is_some() && report.verdict == Verdict::Hang;
    if report.verdict != Verdict::Pass && report.verdict != Verdict::Fail && !named {
        page.push_str(&format!("    {}", words(report.verdict)));
    }
    page.push('\n');
    page.push_str(&tests(&report.tests, &graded.tests));
    if report.verdict == Verdict::Pass {
        // Beside a fault, what could be better is not worth a word.
        return page + &remarks(&report.advice);
    }
    let message = graded.words.as_deref().or(report.message.as_deref());
    page.push_str(&reason(report.diagnosis.as_ref(), message));
    page.push_str(&also_seen(graded));
    if let Some(failed) = graded.failed() {
        page.push_str(&trace_of(failed, exercise.kind));
        page.push_str(&printed(failed));
    }
    if own {
        page.push_str(&next(exercise, graded));
    }
    page
}

/// What is wrong with a file that was given to be mended.
fn what_was_given(exercise: &Exercise, graded: &Graded) -> String {
    let report = &graded.report;
    let mut page = tests(&report.tests, &graded.tests);
    page.push_str(&reason(report.diagnosis.as_ref(), graded.words.as_deref()));
    page.push_str(&also_seen(graded));
    if let Some(failed) = graded.failed() {
        page.push_str(&trace_of(failed, exercise.kind));
        if let Some(line) = whole_run(exercise, failed) {
            page.push_str(&format!("{line}\n"));
        }
    }
    page
}

/// The other kinds of mistake that the later tests found. They often go with the first.
fn also_seen(graded: &Graded) -> String {
    let first = graded.report.diagnosis.as_ref();
    let mut others: Vec<&str> = Vec::new();
    for diagnosis in graded
        .tests
        .iter()
        .filter_map(|test| test.diagnosis.as_ref())
    {
        let known = first.is_none_or(|first| first.code == diagnosis.code);
        if !known && !others.contains(&diagnosis.code.as_str()) {
            others.push(&diagnosis.code);
        }
    }
    if others.is_empty() {
        return String::new();
    }
    let text = format!("{}: they may follow from the one above", others.join(", "));
    labelled("Also found", &text, 6, |label| faint(label))
}

/// The solved files together.
pub(crate) fn stack(stage: &Stage, stacked: &Stacked) -> String {
    let report = &stacked.report;
    let who = if report.exercises.is_empty() {
        "the reference".into()
    } else {
        report.exercises.join(", ")
    };
    let mut page = format!(
        "\n{} {}",
        mark(report.verdict),
        strong(match stage.number {
            _ if report.exercises.is_empty() => "the stack".into(),
            1 => "the stack: your solved files together".into(),
            number => format!("the stack: your solved files of stages 1 to {number} together"),
        })
    );
    page.push_str(&format!("    {}\n", faint(stacked.place.as_str())));
    page.push_str(&labelled("runs on", &who, 4, |label| faint(label)));
    page.push_str(&tests(&report.tests, &stacked.tests));
    if report.verdict == Verdict::Pass {
        return page;
    }
    let fault = match &report.culprit {
        Some(culprit) => {
            format!("{culprit}: the stack fails with this file, and passes on the reference.")
        }
        None => "None of your files alone: either two of them do not go together, or the course \
                 is at fault. `cargo xtask check-stage` with --reference tells."
            .into(),
    };
    page.push_str(&labelled("At fault", &fault, 6, |label| bad(label)));
    page.push_str(&reason(
        report.diagnosis.as_ref(),
        report.message.as_deref(),
    ));
    if let Some(failed) = stacked
        .tests
        .iter()
        .find(|test| test.report.verdict != Verdict::Pass)
    {
        page.push_str(&trace_of(failed, Kind::Build));
        page.push_str(&printed(failed));
    }
    page
}

fn mark(verdict: Verdict) -> String {
    match verdict {
        Verdict::Pass => good("✓"),
        Verdict::NotStarted => faint("·"),
        _ => bad("✗"),
    }
}

/// The verdict in words, where a cross alone would say too little.
fn words(verdict: Verdict) -> String {
    match verdict {
        Verdict::NotStarted => faint("not started"),
        Verdict::DoesNotCompile => bad("does not compile"),
        Verdict::NoResult => bad("no result"),
        other => bad(other.name()),
    }
}

fn not_started(exercise: &Exercise) -> String {
    let file = exercise.file();
    let gap = " ".repeat(50_usize.saturating_sub(file.chars().count()).max(2));
    format!(
        "\n{} {}{gap}{}\n    {}\n",
        mark(Verdict::NotStarted),
        strong(file),
        faint("not started"),
        format_args!("{}, about {} minutes", exercise.summary, exercise.minutes)
    )
}

fn tests(reports: &[TestReport], judged: &[Judged]) -> String {
    let widest = reports
        .iter()
        .map(|test| test.name.len())
        .max()
        .unwrap_or(0);
    let mut page = String::new();
    for (index, test) in reports.iter().enumerate() {
        let diagnosis = judged.get(index).and_then(|test| test.diagnosis.as_ref());
        let what = match (test.verdict, diagnosis) {
            (Verdict::Pass, _) => String::new(),
            (Verdict::Fail | Verdict::Hang, Some(diagnosis)) => bad(&diagnosis.code),
            (Verdict::NoResult, _) if test.millis == 0 => faint("not run"),
            (other, _) => words(other),
        };
        let gap = " ".repeat(widest - test.name.len() + 4);
        let mark = match test.verdict {
            Verdict::NoResult if test.millis == 0 => faint("·"),
            verdict => mark(verdict),
        };
        let line = format!("    {mark} {}{gap}{what}", test.name);
        page.push_str(&format!("{}\n", line.trim_end()));
    }
    page
}

/// What ran, beside what should have. A prediction's run is its solution, so it is not shown.
fn trace_of(test: &Judged, kind: Kind) -> String {
    let Some(yours) = readable(&test.events, test.expected.is_some()) else {
        return String::new();
    };
    let yours = match &test.diagnosis {
        Some(diagnosis) => format!("{yours}✗ {}\n", diagnosis.code),
        None => yours,
    };
    let text = match &test.expected {
        _ if kind == Kind::Predict => return String::new(),
        Some(expected) => diff::side_by_side(expected, &yours),
        None => diff::alone("the run", &yours),
    };
    let title = faint(format!("in {}", test.report.name));
    format!("\n      {title}\n\n{}", indented(&text, 6))
}

fn next(exercise: &Exercise, graded: &Graded) -> String {
    let hint = command(format!("cargo xtask hint {}", exercise.name));
    let mut page = format!("\n    Stuck?  {hint}");
    if let Some(failed) = graded.failed()
        && let Some(line) = whole_run(exercise, failed)
    {
        page.push_str(&line);
    }
    page.push('\n');
    page
}

/// Where the whole run can be seen, if there is one to be seen.
fn whole_run(exercise: &Exercise, failed: &Judged) -> Option<String> {
    let shown = exercise.kind != Kind::Predict
        && !exercise.is_gallery()
        && !failed.events.is_empty()
        && matches!(failed.report.verdict, Verdict::Fail | Verdict::Hang);
    let mut trace = format!("cargo xtask trace {}", exercise.name);
    if exercise.lesson.as_ref() != Some(&failed.report.name) {
        trace.push_str(&format!(" --test {}", failed.report.name));
    }
    shown.then(|| format!("\n    The whole run?  {}", command(trace)))
}
