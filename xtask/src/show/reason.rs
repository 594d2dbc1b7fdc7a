//! The words about a verdict: a diagnosis, a message, advice.

use course::diagnosis::Diagnosis;

use super::{
    style::{bad, faint, remark},
    wrap::{WIDTH, indented, labelled, lines},
};

/// Why a verdict is no pass.
pub(crate) fn reason(diagnosis: Option<&Diagnosis>, message: Option<&str>) -> String {
    match (diagnosis, message) {
        (Some(diagnosis), _) => {
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
        // The compiler's lines are left as they are; a sentence is broken like any other.
        (None, Some(message)) if message.contains('\n') => format!("\n{}", indented(message, 6)),
        (None, Some(message)) => {
            format!("\n{}", indented(&lines(message, WIDTH - 6).join("\n"), 6))
        }
        (None, None) => String::new(),
    }
}

fn about(diagnosis: &Diagnosis) -> String {
    let seen = indented(&lines(&diagnosis.seen, WIDTH - 6).join("\n"), 6);
    seen + &why(diagnosis)
}

fn why(diagnosis: &Diagnosis) -> String {
    let why = labelled("Why it matters", &diagnosis.why, 6, |label| faint(label));
    why + &labelled("Read", &diagnosis.read, 6, |label| faint(label))
}

/// What is right and could be better.
pub(crate) fn remarks(advice: &[Diagnosis]) -> String {
    let mut page = String::new();
    for advice in advice {
        page.push_str(&format!(
            "\n      {}: {}\n",
            remark(&advice.title),
            "right, and could be better"
        ));
        page.push_str(&about(advice));
    }
    page
}
