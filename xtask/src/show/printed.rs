//! What the learner's own code printed in a test.

use super::{style::faint, wrap::indented};
use crate::verdict::Judged;

/// The most lines that are shown.
const LONGEST: usize = 12;

/// The output without libtest's lines and without the panic's message, which is known already.
pub(crate) fn printed(test: &Judged) -> String {
    let output = test.report.output.as_deref().unwrap_or_default();
    let own = own_lines(output, &test.report.name);
    if own.is_empty() {
        return String::new();
    }
    let mut text = own[..own.len().min(LONGEST)].join("\n");
    if own.len() > LONGEST {
        text.push_str(&format!("\n… {} lines more", own.len() - LONGEST));
    }
    format!("\n      {}\n{}", faint("it printed"), indented(&text, 8))
}

fn own_lines<'a>(output: &'a str, test: &str) -> Vec<&'a str> {
    // libtest begins the line of a test, and what the test prints goes on in it.
    let begin = format!("test {test} ...");
    let mut own = Vec::new();
    let mut lines = output.lines();
    while let Some(line) = lines.next() {
        let rest = line.strip_prefix(&begin);
        if line == "failures:" {
            // The summary: everything as far as the result.
            lines.by_ref().find(|line| line.starts_with("test result:"));
        } else if line.starts_with("thread '") && line.contains("panicked at") {
            lines.by_ref().find(|line| line.starts_with("note: "));
        } else if let Some(rest) = rest {
            own.push(rest.trim_start());
        } else if !line.starts_with("running 1 test") && !line.starts_with("test result:") {
            own.push(line);
        }
    }
    own.retain(|line| !line.trim().is_empty() && *line != "FAILED" && *line != "ok");
    own
}

#[cfg(test)]
mod tests {
    use super::own_lines;

    #[test]
    fn only_the_own_lines_are_left() {
        let output = "running 1 test\ntest a ... hello\nFAILED\n\nfailures:\n\nfailures:\n    a\n\n\
            test result: FAILED. 0 passed\n\nfrom stderr\nthread 'a' (1) panicked at x:1:1:\nlong\nstory\n\
            note: run with `RUST_BACKTRACE=1`\nlast words";
        assert_eq!(
            own_lines(output, "a"),
            ["hello", "from stderr", "last words"]
        );
    }
}
