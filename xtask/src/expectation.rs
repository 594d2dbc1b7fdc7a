//! What must become of a candidate: the first line of its file says it.

use course::diagnosis;

use crate::{document::Verdict, graded::Graded};

/// The verdict that a candidate is there to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// A right design, perhaps with this remark.
    Pass(Option<String>),
    /// A mistake that is named like this.
    Fail(String),
    /// It dies, perhaps at this limit.
    Crash(Option<String>),
    /// The compiler rejects it, perhaps with an error that has this meaning.
    DoesNotCompile(Option<String>),
    /// Any other verdict, that needs no detail.
    Plain(Verdict),
}

impl Expectation {
    /// Reads `// expect: fail lost-wakeup`, or `# expect: …` in a text file.
    pub(crate) fn read(content: &str) -> Result<Expectation, String> {
        let first = content.lines().next().unwrap_or_default();
        let comment = first
            .trim_start_matches("//")
            .trim_start_matches('#')
            .trim();
        let Some(words) = comment.strip_prefix("expect:") else {
            return Err("the first line has to say `expect: …`".into());
        };
        let words: Vec<&str> = words.split_whitespace().collect();
        match words.as_slice() {
            ["pass"] => Ok(Expectation::Pass(None)),
            ["pass", "with", "advice", code] => Ok(Expectation::Pass(Some(known(code)?))),
            ["fail", "different-trace"] => Err(
                "`different-trace` names no mistake: the grader needs a rule \
                 that does"
                    .into(),
            ),
            ["fail", code] => Ok(Expectation::Fail(known(code)?)),
            ["hang"] => Ok(Expectation::Plain(Verdict::Hang)),
            ["crash"] => Ok(Expectation::Crash(None)),
            ["crash", limit] => Ok(Expectation::Crash(Some((*limit).into()))),
            ["no-result"] => Ok(Expectation::Plain(Verdict::NoResult)),
            ["does-not-compile"] => Ok(Expectation::DoesNotCompile(None)),
            ["does-not-compile", code] => Ok(Expectation::DoesNotCompile(Some(known(code)?))),
            _ => Err(format!("`expect: {}` is no expectation", words.join(" "))),
        }
    }

    /// Whether the candidate is a right design.
    pub(crate) fn is_pass(&self) -> bool {
        matches!(self, Expectation::Pass(_))
    }

    /// Whether this is what became of it.
    pub(crate) fn is_met_by(&self, graded: &Graded) -> bool {
        let report = &graded.report;
        let code = report.diagnosis.as_ref().map(|diagnosis| &diagnosis.code);
        let limit = graded.failed().and_then(|test| test.limit.as_ref());
        match self {
            Expectation::Pass(None) => report.verdict == Verdict::Pass,
            Expectation::Pass(Some(advice)) => {
                report.verdict == Verdict::Pass
                    && report.advice.iter().any(|remark| remark.code == *advice)
            }
            Expectation::Fail(expected) => {
                report.verdict == Verdict::Fail && code == Some(expected)
            }
            Expectation::Crash(None) => report.verdict == Verdict::Crash,
            Expectation::Crash(expected) => {
                report.verdict == Verdict::Crash && limit == expected.as_ref()
            }
            Expectation::DoesNotCompile(expected) => {
                report.verdict == Verdict::DoesNotCompile
                    && (expected.is_none() || code == expected.as_ref())
            }
            Expectation::Plain(verdict) => report.verdict == *verdict,
        }
    }
}

/// What became of a candidate, in the words of an expectation.
pub(crate) fn outcome(graded: &Graded) -> String {
    let report = &graded.report;
    let mut text = report.verdict.name().to_string();
    if let Some(diagnosis) = &report.diagnosis {
        text.push_str(&format!(" {} ({})", diagnosis.code, diagnosis.seen));
    } else if let Some(message) = &report.message {
        text.push_str(&format!(
            " ({})",
            message.lines().next().unwrap_or_default()
        ));
    }
    if let Some(failed) = graded.failed() {
        text.push_str(&format!(" in {}", failed.report.name));
    }
    for remark in &report.advice {
        text.push_str(&format!(", with advice {}", remark.code));
    }
    text
}

fn known(code: &str) -> Result<String, String> {
    if diagnosis::ALL.iter().any(|entry| entry.code == code) {
        return Ok(code.into());
    }
    Err(format!("`{code}` is not listed in tests/src/diagnosis.rs"))
}

#[cfg(test)]
mod tests {
    use super::Expectation;
    use crate::document::Verdict;

    #[test]
    fn every_form_is_read() {
        let read = |line: &str| Expectation::read(line);
        assert_eq!(read("// expect: pass\nx"), Ok(Expectation::Pass(None)));
        assert_eq!(
            read("# expect: hang"),
            Ok(Expectation::Plain(Verdict::Hang))
        );
        assert_eq!(
            read("// expect: fail lost-wakeup"),
            Ok(Expectation::Fail("lost-wakeup".into()))
        );
        assert_eq!(
            read("// expect: does-not-compile not-send"),
            Ok(Expectation::DoesNotCompile(Some("not-send".into())))
        );
        assert_eq!(
            read("// expect: crash out-of-memory"),
            Ok(Expectation::Crash(Some("out-of-memory".into())))
        );
    }

    #[test]
    fn an_unnamed_mistake_cannot_be_expected() {
        assert!(Expectation::read("// expect: fail different-trace").is_err());
        assert!(Expectation::read("// expect: fail no-such-code").is_err());
        assert!(Expectation::read("use std::task;").is_err());
    }
}
