//! The public face of a source file, as text: what the rest of the course can use of it.

/// The signatures of public items and the headers of trait impls, in one normal form and order.
/// `Drop`, and what is implemented for private types, nobody can name from outside; an `impl` of
/// `Send`, `Sync` or `Unpin` is one of several ways to be it.
pub(crate) fn of(source: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let begin = line.trim_start();
        let is_impl = begin.starts_with("impl") && line.starts_with("impl")
            || begin.starts_with("unsafe impl");
        if !(begin.starts_with("pub ") || is_impl) {
            continue;
        }
        let mut item = begin.to_string();
        while !ends(&item) {
            let Some(more) = lines.next() else { break };
            item.push(' ');
            item.push_str(more.trim());
        }
        let item = normal(&item);
        // An inherent impl is no item of its own; its public functions are.
        if !is_impl || item.contains(" for ") {
            items.push(item);
        }
    }
    let private = private_types(source);
    items.retain(|item| !is_inner(item) && !implements_for(item, &private));
    items.sort();
    items.dedup();
    items
}

/// Whether it implements a trait that nobody calls, or that a type may have in several ways.
fn is_inner(item: &str) -> bool {
    let header = item.split_once(" for ").map(|(header, _)| header);
    let name = header.and_then(|header| header.split_whitespace().last());
    name.is_some_and(|name| ["Drop", "PinnedDrop", "Send", "Sync", "Unpin"].contains(&name))
}

fn private_types(source: &str) -> Vec<&str> {
    let declared = source.lines().filter_map(|line| {
        let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
        line.strip_prefix("struct ")
            .or(line.strip_prefix("enum "))
            .or(line.strip_prefix("union "))
    });
    declared.map(word).collect()
}

fn implements_for(item: &str, types: &[&str]) -> bool {
    let target = item.split_once(" for ").map(|(_, target)| word(target));
    item.contains("impl") && target.is_some_and(|target| types.contains(&target))
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

/// Whether the signature is complete: the body begins, or there is none, or it was a field.
fn ends(item: &str) -> bool {
    let closed = item.matches('(').count() == item.matches(')').count();
    item.contains('{') || item.contains(';') || item.ends_with(',') && closed
}

/// Of a tuple struct whose fields are its own affair, the name.
fn without_private_fields(signature: &str) -> &str {
    match signature.split_once('(') {
        Some((name, fields)) if name.starts_with("pub struct ") && !fields.contains("pub ") => name,
        _ => signature,
    }
}

/// Without the body, and with one space between words.
fn normal(item: &str) -> String {
    let signature = item.split(['{', ';']).next().unwrap_or(item);
    // What a constant is, not how it is worked out.
    let signature = signature.split(" = ").next().unwrap_or(signature);
    let signature = without_private_fields(signature);
    let mut text = String::new();
    for word in signature.split_whitespace() {
        let glued = text.is_empty() || text.ends_with(['(', '<']) || word.starts_with([')', '>']);
        if !glued {
            text.push(' ');
        }
        text.push_str(word);
    }
    // rustfmt adds a comma where it breaks the line, and `mut` before a name is the body's affair.
    text.replace(",)", ")")
        .replace(",>", ">")
        .replace("(mut ", "(")
        .replace(", mut ", ", ")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn line_breaks_do_not_count() {
        let one =
            "impl<A> Join<A> {\n    pub fn new(a: A, b: A) -> Self {\n        todo!()\n    }\n}\n";
        let other = "impl<A> Join<A> {\n    pub fn new(\n        a: A,\n        b: A,\n    ) -> Self {\n        x()\n    }\n}\n";
        assert_eq!(of(one), of(other));
        assert_eq!(of(one), ["pub fn new(a: A, b: A) -> Self"]);
    }

    #[test]
    fn trait_impls_count_and_private_items_do_not() {
        let source = "struct Hidden;\nimpl Wake for Hidden {\n}\npub struct Open(u8);\nimpl Wake for Open {\n}\nimpl Drop for Open {\n}\nunsafe impl Sync for Open {}\n";
        assert_eq!(of(source), ["impl Wake for Open", "pub struct Open"]);
        assert_eq!(of("pub struct Open(pub u8);"), ["pub struct Open(pub u8)"]);
    }
}
