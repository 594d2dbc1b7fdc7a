//! What a chapter promises about other files: its headings as anchors, and its quotations.

use std::collections::BTreeSet;

/// The anchors of a page's headings, as GitHub makes them.
pub(crate) fn anchors(page: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for heading in outside_code(page).filter_map(heading) {
        let anchor = slug(heading);
        let mut unique = anchor.clone();
        let mut repeated = 0;
        while !anchors.insert(unique) {
            repeated += 1;
            unique = format!("{anchor}-{repeated}");
        }
    }
    anchors
}

fn outside_code(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| text.trim())
}

fn slug(heading: &str) -> String {
    let mut text = String::new();
    let mut rest = heading;
    // A link shows its text and hides its target.
    while let Some((before, link)) = rest.split_once("](") {
        text.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A code block that claims to be part of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// The line of the page on which the block begins.
    pub(crate) line: usize,
    /// The file, relative to the stage; `None` where the page does not say it.
    pub(crate) file: Option<String>,
    /// The block.
    pub(crate) text: String,
}

/// The blocks after a line of the form "From `src/join.rs`:", and every `rust,ignore` block: a block
/// that is not compiled must at least be equal to something that is.
pub(crate) fn quotations(page: &str) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut before = "";
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.trim().strip_prefix("```") else {
            if !line.trim().is_empty() {
                before = line.trim();
            }
            continue;
        };
        let block: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim().starts_with("```"))
            .collect();
        let file = quoted_file(before);
        if file.is_some() || language.contains("ignore") {
            found.push(Quotation {
                line: number + 1,
                file,
                text: block.join("\n"),
            });
        }
        before = "";
    }
    found
}

fn quoted_file(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("From `")?;
    let (file, end) = rest.split_once('`')?;
    end.starts_with(':').then(|| file.into())
}

/// Whether the block's lines stand in the source one after the other. The block may be moved to the
/// left as a whole.
pub(crate) fn is_quoted_from(block: &str, source: &str) -> bool {
    let block: Vec<&str> = block.trim_end().lines().collect();
    let source: Vec<&str> = source.lines().collect();
    !block.is_empty()
        && source
            .windows(block.len())
            .any(|part| equal_but_for_margin(&block, part))
}

fn equal_but_for_margin(block: &[&str], part: &[&str]) -> bool {
    let Some(margin) = part[0].strip_suffix(block[0]) else {
        return false;
    };
    margin.trim().is_empty()
        && block.iter().zip(part).all(|(line, own)| {
            let own = own.trim_end();
            own.is_empty() && line.trim().is_empty()
                || own.strip_prefix(margin) == Some(line.trim_end())
        })
}

#[cfg(test)]
mod tests {
    use super::{anchors, is_quoted_from, quotations};

    #[test]
    fn anchors_follow_github() {
        let page = "# A `Waker`, again?\n```\n# no heading\n```\n## Twice\n## Twice\n## [Link](x.md) & more\n";
        let expected = ["a-waker-again", "link--more", "twice", "twice-1"];
        assert_eq!(anchors(page).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_quotation_names_its_file() {
        let page = "From `src/a.rs`:\n\n```rust,ignore\nfn a() {}\n```\n\n```rust,ignore\nlost\n```\n```rust\nx\n```\n";
        let found = quotations(page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].file.as_deref(), Some("src/a.rs"));
        assert_eq!(found[1].file, None);
    }

    #[test]
    fn a_quotation_may_lose_its_margin_and_nothing_else() {
        let source = "impl A {\n    fn a() {\n        b();\n    }\n}\n";
        assert!(is_quoted_from("fn a() {\n    b();\n}", source));
        assert!(!is_quoted_from("fn a() {\n    c();\n}", source));
        assert!(!is_quoted_from("fn a() {\nb();\n}", source));
    }
}
