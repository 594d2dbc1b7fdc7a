//! From what one process did to what that means.

use std::process::ExitStatus;

use course::{
    diagnosis::{Diagnosis, Misconception},
    event::Event,
    trace,
};

use crate::{
    death,
    document::{TestReport, Verdict},
    limits::Limits,
    process::Ended,
    sandbox::Run,
};

/// The most of a test's output that goes into a document.
const LONGEST_OUTPUT: usize = 16 << 10;

/// One test, judged.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// The facts for the document.
    pub(crate) report: TestReport,
    /// What is wrong, where it could be named.
    pub(crate) diagnosis: Option<Diagnosis>,
    /// What could be better.
    pub(crate) advice: Vec<Diagnosis>,
    /// What happened, where there is no diagnosis.
    pub(crate) message: Option<String>,
    /// The limit that was reached: `out-of-memory`, `too-many-threads` or `too-much-output`.
    pub(crate) limit: Option<String>,
    /// The trace of the reference, where one holds for every right design.
    pub(crate) expected: Option<String>,
    /// What happened in the run.
    pub(crate) events: Vec<Event>,
}

impl Judged {
    /// A test that was not run, with the reason.
    pub(crate) fn without_result(test: &str, reason: String) -> Judged {
        Judged {
            report: TestReport {
                name: test.into(),
                verdict: Verdict::NoResult,
                millis: 0,
                output: None,
            },
            diagnosis: None,
            advice: Vec::new(),
            message: Some(reason),
            limit: None,
            expected: None,
            events: Vec::new(),
        }
    }
}

/// What a run comes to, before it is joined with the facts of the process.
struct Finding {
    verdict: Verdict,
    message: Option<String>,
    diagnosis: Option<Diagnosis>,
    limit: Option<String>,
}

impl Finding {
    fn of(verdict: Verdict, message: impl Into<String>) -> Finding {
        Finding {
            verdict,
            message: Some(message.into()),
            diagnosis: None,
            limit: None,
        }
    }

    fn limit(limit: &str, message: String) -> Finding {
        Finding {
            limit: Some(limit.into()),
            ..Finding::of(Verdict::Crash, message)
        }
    }

    fn wrong(diagnosis: Diagnosis) -> Finding {
        Finding {
            verdict: Verdict::Fail,
            message: None,
            diagnosis: Some(diagnosis),
            limit: None,
        }
    }
}

/// Judges the run of one test. `stage` is the folder of its stage: diagnoses point into its chapter.
pub(crate) fn judge(test: &str, stage: &str, limits: &Limits, run: Run) -> Judged {
    let finding = find(stage, limits, &run);
    let passed = finding.verdict == Verdict::Pass;
    Judged {
        report: TestReport {
            name: test.into(),
            verdict: finding.verdict,
            millis: u64::try_from(run.time.as_millis()).unwrap_or(u64::MAX),
            output: if passed { None } else { output(&run) },
        },
        diagnosis: finding.diagnosis,
        advice: run.record.advice,
        message: finding.message,
        limit: finding.limit,
        expected: run.record.expected,
        events: run.record.events,
    }
}

/// The order matters: what a grader has named stands, whatever became of the process afterwards.
fn find(stage: &str, limits: &Limits, run: &Run) -> Finding {
    let record = &run.record;
    if let Some(diagnosis) = &record.diagnosis {
        return Finding::wrong(diagnosis.clone());
    }
    if let Some((limit, seen)) = &record.limit {
        return Finding::limit(limit, format!("Stopped at a limit: {seen}"));
    }
    let status = match run.ended {
        _ if run.flood => {
            let text = format!(
                "Stopped at a limit: it printed more than {} KiB",
                limits.output >> 10
            );
            return Finding::limit("too-much-output", text);
        }
        Ended::Stopped => {
            let text = "It did not end: the run was recorded until its record was full";
            return Finding::of(Verdict::Hang, text);
        }
        Ended::Time => {
            let seen = format!(
                "it did not end within {} s; {}",
                limits.time.as_secs_f64(),
                whereabouts(&record.events)
            );
            let named = Misconception::find("never-returns").seen(stage, seen);
            return Finding {
                verdict: Verdict::Hang,
                ..Finding::wrong(named)
            };
        }
        Ended::Status(status) => status,
    };
    if let Some(cause) = death::of(status, &run.stderr) {
        return Finding::of(Verdict::Crash, cause);
    }
    match (&record.panic, status.success()) {
        (_, true) if record.done && libtest_is_content(&run.stdout) => Finding {
            message: None,
            ..Finding::of(Verdict::Pass, "")
        },
        (Some((message, location)), false) => Finding::wrong(panicked(stage, message, location)),
        (None, false) => Finding::of(
            Verdict::Crash,
            format!("The process ended with {}", code(status)),
        ),
        (_, true) => Finding::of(
            Verdict::NoResult,
            format!(
                "The process ended with {} before the test had finished: something called exit",
                code(status)
            ),
        ),
    }
}

/// How far a run came that did not end.
fn whereabouts(events: &[Event]) -> String {
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::PollBegins { waker, .. } => open.push(waker),
            Event::PollEnds { .. } => drop(open.pop()),
            _ => {}
        }
    }
    match (open.last(), trace::complete(events).lines().last()) {
        (Some(waker), _) => format!("it is still inside poll({waker})"),
        (None, Some(last)) => format!("it stopped at, or after, `{}`", last.trim()),
        (None, None) => "it stopped before the first poll: in `new`?".into(),
    }
}

fn panicked(stage: &str, message: &str, location: &str) -> Diagnosis {
    let unfinished =
        message.starts_with("not yet implemented") || message.starts_with("not implemented");
    let code = if unfinished { "unfinished" } else { "panicked" };
    let mut place = location.replace('\\', "/");
    // A candidate from elsewhere is graded as if it were the learner's file, so it is named like that.
    if let Some(at) = place.find("exercises/") {
        place = format!("{stage}/{}", &place[at..]);
    }
    Misconception::find(code).seen(stage, format!("`{message}` at {place}"))
}

/// libtest's own summary. The learner's code can print the same: it is asked for beside the
/// report's last line, not instead of it.
fn libtest_is_content(stdout: &[u8]) -> bool {
    String::from_utf8_lossy(stdout).contains("test result: ok. 1 passed")
}

fn code(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| "no status".into(), |code| format!("status {code}"))
}

/// What the test printed, without libtest's own lines.
fn output(run: &Run) -> Option<String> {
    let mut text = String::from_utf8_lossy(&run.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&run.stderr));
    let full = text.len();
    text.truncate(text.floor_char_boundary(LONGEST_OUTPUT));
    if full > LONGEST_OUTPUT {
        text.push_str(&format!("\n… ({full} bytes in all)"));
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

/// The run for reading, and nothing where nothing was recorded. `beside` says that it is shown beside an
/// expected trace, which names no calls.
pub(crate) fn readable(events: &[Event], beside: bool) -> Option<String> {
    let render = if beside {
        trace::faithful
    } else {
        trace::with_calls
    };
    (!events.is_empty()).then(|| render(events))
}
