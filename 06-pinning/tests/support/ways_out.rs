//! Public functions that take a pin and give a plain `&mut` to what has to stay in its place. Whoever has that
//! `&mut` moves it away, by `mem::swap`, in safe code.
//!
//! No run shows it, for nobody but the learner knows of such a function. It is judged by its signature, and only where
//! that leaves no doubt: an `unsafe fn`, and one with a bound on `Unpin`, may give a `&mut`.

use course::Recorder;

use super::signatures::{Function, arguments, closed, functions};

/// The rule that no public function of a file gives a `&mut` to `name` out of a pin, nor to those of its parameters
/// that are pinned with it.
pub fn must_have_no_way_out(rec: &Recorder, source: &str, name: &str, pinned: &[usize]) {
    let functions = functions(source);
    let mut public = functions.iter().filter(|function| function.is_public());
    if let Some(out) = public.find(|function| leads_out(function, name, pinned)) {
        rec.fail_reading(
            "from-the-pin-to-a-field",
            "still-movable",
            format!("`{}` gets a pin, and gives a `&mut` to what has to stay where it is: safe code swaps it for another", out.signature),
        );
    }
}

fn leads_out(function: &Function, name: &str, pinned: &[usize]) -> bool {
    let whole = format!("{} {}", function.within, function.signature);
    let takes_pin = ["Self", name]
        .iter()
        .any(|it| function.input.contains(&format!("Pin<&mut {it}")));
    let may = whole.contains("Unpin") || function.is("unsafe");
    if !takes_pin || may || !function.is_of(name) {
        return false;
    }
    let (given, taken) = (
        arguments(&function.signature, name),
        arguments(&function.within, name),
    );
    let parameters = if given.is_empty() { taken } else { given };
    let mut stay: Vec<&str> = pinned
        .iter()
        .filter_map(|place| parameters.get(*place).copied())
        .collect();
    stay.extend(["Self", name]);
    let output = without_pins(&function.output);
    let lent = without_pins(&function.signature);
    stay.iter().any(|it| {
        has(&output, &format!("&mut {it}"))
            || ["Fn", "FnMut", "FnOnce"]
                .iter()
                .any(|kind| has(&lent, &format!("{kind}(&mut {it}")))
    })
}

/// Whether a text has this word for word, and no longer word in its place.
fn has(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let after = &text[at + part.len()..];
        !after.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !after.starts_with("::")
    })
}

/// Without what stands in a `Pin<…>`.
fn without_pins(text: &str) -> String {
    let Some(at) = text.find("Pin<") else {
        return text.into();
    };
    let rest = &text[at + "Pin".len()..];
    let pin = closed(rest, '<', '>').unwrap_or(rest);
    format!("{}{}", &text[..at], without_pins(&rest[pin.len()..]))
}
