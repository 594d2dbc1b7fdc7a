//! The expected trace and the run's own, side by side.

use similar::{ChangeTag, DiffOp, TextDiff};

use super::style;

/// The most lines that are shown of a trace: a run that went astray can be very long.
const LONGEST: usize = 48;

/// Both traces beside each other, each line marked that the other does not have.
pub(crate) fn side_by_side(expected: &str, yours: &str) -> String {
    let expected = shortened(expected);
    let yours = shortened(yours);
    let width = expected
        .lines()
        .chain(["expected"])
        .map(|line| line.chars().count())
        .max();
    let width = width.unwrap_or(0).min(40);
    let mut page = row(
        ' ',
        &style::faint("expected"),
        "expected".len(),
        width,
        ' ',
        &style::faint("yours"),
    );
    let diff = TextDiff::from_lines(&expected, &yours);
    for op in diff.ops() {
        let (left, right) = halves(&diff, op);
        for index in 0..left.len().max(right.len()) {
            page.push_str(&pair(op, left.get(index), right.get(index), width));
        }
    }
    page
}

/// One trace alone, where there is no other to compare it with.
pub(crate) fn alone(title: &str, trace: &str) -> String {
    let mut page = format!("  {}\n", style::faint(title));
    for line in shortened(trace).lines() {
        page.push_str(&format!("  {line}\n"));
    }
    page
}

fn halves<'a>(diff: &TextDiff<'a, 'a, '_, str>, op: &DiffOp) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for change in diff.iter_changes(op) {
        let line = change.value().trim_end_matches('\n');
        match change.tag() {
            ChangeTag::Delete => left.push(line),
            ChangeTag::Insert => right.push(line),
            ChangeTag::Equal => {
                left.push(line);
                right.push(line);
            }
        }
    }
    (left, right)
}

fn pair(op: &DiffOp, left: Option<&&str>, right: Option<&&str>, width: usize) -> String {
    let differs = !matches!(op, DiffOp::Equal { .. });
    let plain = left.copied().unwrap_or_default();
    let mut shown = fitted(plain, width);
    let length = shown.chars().count();
    let mut own = right.copied().unwrap_or_default().to_string();
    if differs {
        shown = style::good(shown);
        own = style::bad(own);
    }
    let minus = if differs && left.is_some() { '-' } else { ' ' };
    let plus = if differs && right.is_some() { '+' } else { ' ' };
    row(
        minus,
        &shown,
        length,
        width,
        plus,
        if right.is_some() { &own } else { "" },
    )
}

/// One row: `length` is how many columns the left text takes on the screen.
fn row(minus: char, left: &str, length: usize, width: usize, plus: char, right: &str) -> String {
    let gap = " ".repeat(width.saturating_sub(length));
    let row = format!("{minus} {left}{gap}    {plus} {right}");
    format!("{}\n", row.trim_end())
}

fn fitted(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.into();
    }
    // The middle goes: what differs is often at the end.
    let tail = width / 3;
    let skipped = line.chars().count() - tail;
    let head = line.chars().take(width - 1 - tail).chain(['…']);
    head.chain(line.chars().skip(skipped)).collect()
}

/// A long trace without its middle.
fn shortened(trace: &str) -> String {
    let lines: Vec<&str> = trace.lines().collect();
    if lines.len() <= LONGEST {
        return lines.iter().map(|line| format!("{line}\n")).collect();
    }
    let (head, tail) = (&lines[..LONGEST - 8], &lines[lines.len() - 7..]);
    let mut text: String = head.iter().map(|line| format!("{line}\n")).collect();
    text.push_str(&format!("… {} lines …\n", lines.len() - LONGEST + 1));
    text.extend(tail.iter().map(|line| format!("{line}\n")));
    text
}
