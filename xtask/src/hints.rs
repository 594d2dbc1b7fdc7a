//! Hints, from a nudge to nearly the answer, and which of them were shown.

use std::fs;

use crate::{exercise::Exercise, files, session::Session};

/// One hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    /// Its heading.
    pub(crate) title: String,
    /// Its text, in Markdown.
    pub(crate) text: String,
}

/// The file with an exercise's hints, relative to the root.
pub(crate) fn file(exercise: &Exercise) -> String {
    format!("{}/hints.md", exercise.solutions())
}

/// Splits a page of hints: each level-2 heading begins one. A `##` inside a code block is code.
pub(crate) fn parse(page: &str) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let mut code = false;
    for line in page.lines() {
        code ^= line.trim_start().starts_with("```");
        match (line.strip_prefix("## "), hints.last_mut()) {
            (Some(title), _) if !code => {
                hints.push(Hint {
                    title: title.trim().into(),
                    text: String::new(),
                });
            }
            (_, Some(hint)) => {
                hint.text.push_str(line);
                hint.text.push('\n');
            }
            (_, None) => {}
        }
    }
    for hint in &mut hints {
        // The first line may be code, which is indented.
        hint.text = hint.text.trim_matches('\n').trim_end().into();
    }
    hints
}

/// How many hints of the exercise were shown. Losing the number only shows a hint again.
pub(crate) fn shown(session: &Session, exercise: &Exercise) -> usize {
    let path = session.workspace.state("hints").join(&exercise.name);
    fs::read_to_string(path)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0)
}

/// Remembers how many were shown.
pub(crate) fn remember(session: &Session, exercise: &Exercise, shown: usize) -> anyhow::Result<()> {
    let path = session.workspace.state("hints").join(&exercise.name);
    files::write(&path, shown.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn each_heading_begins_a_hint() {
        let hints =
            parse("# join\n\nintro\n\n## Look\n\nat it\n\n## Then\n```rust\n## not a hint\n```\n");
        assert_eq!(hints.len(), 2);
        assert_eq!(
            (hints[0].title.as_str(), hints[0].text.as_str()),
            ("Look", "at it")
        );
        assert!(hints[1].text.contains("## not a hint"));
    }

    #[test]
    fn code_that_begins_a_hint_keeps_its_indentation() {
        let hints = parse("## Nearly\n\n    fn turn() {\n        todo!()\n    }\n\n");
        assert_eq!(hints[0].text, "    fn turn() {\n        todo!()\n    }");
    }
}
