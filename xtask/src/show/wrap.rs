//! Breaks text into lines that fit.

/// How wide a page is.
pub(crate) const WIDTH: usize = 88;

/// The text as lines of at most `width` characters, broken between words.
pub(crate) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
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
}
