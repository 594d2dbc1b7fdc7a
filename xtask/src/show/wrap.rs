//! Breaks text into lines that fit.

/// How wide a page is.
pub(crate) const WIDTH: usize = 88;

/// The text as lines of at most `width` characters, broken between words, and not within a quotation (`…`) that fits.
pub(crate) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text, width) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// What is not to be broken: words, and quotations that are no wider than a line.
fn words(text: &str, width: usize) -> Vec<String> {
    let mut rest = text.split_whitespace();
    let mut words = Vec::new();
    while let Some(word) = rest.next() {
        let mut whole = word.to_owned();
        let mut behind = rest.clone();
        while is_open(&whole) {
            let Some(more) = behind.next() else { break };
            whole.push(' ');
            whole.push_str(more);
        }
        if is_open(&whole) || whole.chars().count() > width {
            words.push(word.to_owned());
        } else {
            words.push(whole);
            rest = behind;
        }
    }
    words
}

/// Whether a quotation has begun in it and not ended.
fn is_open(text: &str) -> bool {
    text.matches('`').count() % 2 == 1
}

/// The text with so many spaces before each line, its first line included.
pub(crate) fn indented(text: &str, spaces: usize) -> String {
    let margin = " ".repeat(spaces);
    let mut page = String::new();
    for line in text.lines() {
        if !line.is_empty() {
            page.push_str(&margin);
            page.push_str(line);
        }
        page.push('\n');
    }
    page
}

/// A label, and beside it a text in a column of its own. `paint` colours the label.
pub(crate) fn labelled(
    label: &str,
    text: &str,
    margin: usize,
    paint: fn(&str) -> String,
) -> String {
    const COLUMN: usize = 16;
    let mut page = String::new();
    let lines = lines(text, WIDTH - margin - COLUMN);
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let gap = " ".repeat(COLUMN.saturating_sub(label.chars().count()));
        let margin = " ".repeat(margin);
        page.push_str(&format!("{margin}{}{gap}{line}\n", paint(label)));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn no_line_is_longer_than_the_width_and_no_word_is_lost() {
        let text = "poll(A) → Pending and then, much later, a wake";
        let page = lines(text, 12);
        assert!(page.iter().all(|line| line.chars().count() <= 12));
        assert_eq!(page.join(" "), text);
    }

    #[test]
    fn a_quotation_is_not_broken_if_it_fits() {
        assert_eq!(
            lines("line 3 says `la la`, and `b", 16),
            ["line 3 says", "`la la`, and `b"]
        );
        let long = lines("it says `one two three four`", 12);
        assert!(long.iter().all(|line| line.chars().count() <= 12));
    }
}
