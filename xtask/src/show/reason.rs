//! The words about a verdict: a diagnosis, a message, advice.

use course::diagnosis::Diagnosis;

use super::{
    style::{bad, faint, remark},
    wrap::{WIDTH, indented, labelled, lines},
};

/// Why a verdict is no pass: what it means, and the words that led to it.
pub(crate) fn reason(diagnosis: Option<&Diagnosis>, message: Option<&str>) -> String {
    diagnosis.map_or_else(String::new, meaning) + &message.map_or_else(String::new, words)
}

fn meaning(diagnosis: &Diagnosis) -> String {
    let text = format!("{}: {}", diagnosis.title, diagnosis.seen);
    let mut page = String::from("\n");
    for (index, line) in lines(&text, WIDTH - 6).iter().enumerate() {
        let line = match line.strip_prefix(&diagnosis.title) {
            Some(rest) if index == 0 => format!("{}{rest}", bad(&diagnosis.title)),
            _ => line.clone(),
        };
        page.push_str(&format!("      {line}\n"));
    }
    page + &why(diagnosis)
}

/// The compiler's lines are left as they are; a sentence is broken like any other.
fn words(message: &str) -> String {
    if message.contains('\n') {
        return format!("\n{}", indented(message, 6));
    }
    format!("\n{}", indented(&lines(message, WIDTH - 6).join("\n"), 6))
}

fn about(diagnosis: &Diagnosis) -> String {
    let seen = indented(&lines(&diagnosis.seen, WIDTH - 6).join("\n"), 6);
    seen + &why(diagnosis)
}

fn why(diagnosis: &Diagnosis) -> String {
    let why = labelled("Why it matters", &diagnosis.why, 6, |label| faint(label));
    why + &labelled("Read", &diagnosis.read, 6, |label| faint(label))
}

/// What is right and could be better: of each kind the first, and how many more there are.
pub(crate) fn remarks(advice: &[Diagnosis]) -> String {
    let mut page = String::new();
    for (index, first) in advice.iter().enumerate() {
        let alike = |other: &&Diagnosis| other.code == first.code;
        if advice[..index].iter().any(|other| alike(&other)) {
            continue;
        }
        let more = advice[index + 1..].iter().filter(alike).count();
        let mut advice = first.clone();
        if more > 0 {
            advice.seen.push_str(&format!(" (and {more} more like it)"));
        }
        page.push_str(&format!(
            "\n      {}: {}\n",
            remark(&advice.title),
            "right, and could be better"
        ));
        page.push_str(&about(&advice));
    }
    page
}

#[cfg(test)]
mod tests {
    use course::diagnosis::Misconception;

    use super::remarks;

    #[test]
    fn remarks_of_one_kind_are_one_remark_with_a_count() {
        let remark = |code, seen: &str| Misconception::find(code).seen("04-reactor", seen);
        let advice = [
            remark("stale-deadline", "first"),
            remark("wakes-under-lock", "other"),
            remark("stale-deadline", "second"),
            remark("stale-deadline", "third"),
        ];
        let page = remarks(&advice);
        assert_eq!(
            page.matches("right, and could be better").count(),
            2,
            "{page}"
        );
        assert!(page.contains("first (and 2 more like it)"), "{page}");
        assert!(!page.contains("second"), "{page}");
    }
}
