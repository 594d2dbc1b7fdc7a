//! Long runs of the same lines, shown once.

/// The most lines that can be one repeated block.
const LONGEST_BLOCK: usize = 6;

/// How often a block has to stand in a row to be folded.
const FEWEST_REPEATS: usize = 4;

/// Writes a block of lines that is repeated many times once, and how often it follows again. A loop that
/// went wrong a hundred times is no more to read than one that went wrong twice.
pub(crate) fn fold(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut folded = String::new();
    let mut rest = lines.as_slice();
    while let Some(line) = rest.first() {
        let Some((block, repeats)) = repeated(rest) else {
            folded.push_str(line);
            folded.push('\n');
            rest = &rest[1..];
            continue;
        };
        for line in &rest[..block] {
            folded.push_str(line);
            folded.push('\n');
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        folded.push_str(&format!("{indent}⋮ and {} times more\n", repeats - 1));
        rest = &rest[block * repeats..];
    }
    folded
}

/// The shortest block at the beginning that is repeated, with how often it stands there.
fn repeated(lines: &[&str]) -> Option<(usize, usize)> {
    (1..=LONGEST_BLOCK.min(lines.len()))
        .map(|block| {
            let same = lines
                .chunks_exact(block)
                .take_while(|next| *next == &lines[..block]);
            (block, same.count())
        })
        .find(|(_, repeats)| *repeats >= FEWEST_REPEATS)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_is_repeated_many_times_is_shown_once() {
        assert_eq!(
            fold(&("a\n".to_owned() + &"  b\n".repeat(9))),
            "a\n  b\n  ⋮ and 8 times more\n"
        );
        assert_eq!(fold(&"a\nb\n".repeat(5)), "a\nb\n⋮ and 4 times more\n");
    }

    #[test]
    fn a_few_repeats_stay_as_they_are() {
        let text = "a\na\na\nb\n";
        assert_eq!(fold(text), text);
    }
}
