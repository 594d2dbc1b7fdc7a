//! The expected trace and the run's own, side by side.

use similar::{ChangeTag, DiffOp, TextDiff};

use super::style;

/// The most lines that are shown of a trace: a run that went astray can be very long.
const LONGEST: usize = 48;

/// The most columns of a line of the one and of the other.
const WIDEST: usize = 40;

/// Both traces beside each other, each line marked that the other does not have.
pub(crate) fn side_by_side(expected: &str, yours: &str) -> String {
    let expected = shortened(expected);
    let yours = shortened(yours);
    let width = expected
        .lines()
        .chain(["expected"])
        .map(|line| line.chars().count())
        .max();
    let width = width.unwrap_or(0).min(WIDEST);
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
    let (plain, own) = (
        left.copied().unwrap_or_default(),
        right.copied().unwrap_or_default(),
    );
    let (mut shown, mut own) = fitted_alike(plain, own);
    let length = shown.chars().count();
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

/// Both lines in as many columns. Two that differ are not made to look the same: they are left as they are.
fn fitted_alike(left: &str, right: &str) -> (String, String) {
    let short = (fitted(left, WIDEST), fitted(right, WIDEST));
    if left != right && short.0 == short.1 {
        return (left.into(), right.into());
    }
    short
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

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn long_lines_that_are_equal_look_equal() {
        let line = "a note that is much longer than the forty columns that are there for it";
        let page = side_by_side(&format!("{line}\n"), &format!("{line}\nmore\n"));
        let row = page.lines().nth(1).expect("the first line");
        let (left, right) = row.split_at(row.len() / 2);
        assert_eq!(left.trim(), right.trim(), "{page}");
    }

    #[test]
    fn lines_that_differ_in_the_middle_do_not_look_equal() {
        let long =
            |word| format!("it begins with the very same words, then {word}, and it ends alike\n");
        let page = side_by_side(&long("this"), &long("that"));
        assert!(page.contains("this") && page.contains("that"), "{page}");
    }
}
