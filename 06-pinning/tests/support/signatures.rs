//! The functions of a source, by their signatures: for what a file offers beside what its grader calls.
//!
//! It reads text, and no macros. What it does not understand, it leaves out.

/// A function.
pub struct Function {
    pub name: String,
    /// The header of the `impl` that it is in; empty if there is none.
    pub within: String,
    /// Whether it is in a module that nobody outside can name.
    is_inside: bool,
    /// What stands before its `fn`: `pub`, `async`, `unsafe`.
    pub qualifiers: String,
    /// What it takes, in its generics and in its parentheses.
    pub input: String,
    /// What it gives, without bounds.
    pub output: String,
    /// All of it, on one line.
    pub signature: String,
}

impl Function {
    /// Whether everybody may call it by its name, if they can name the type that it belongs to.
    pub fn is_public(&self) -> bool {
        self.is("pub") && !self.is_inside
    }

    /// Whether it belongs to this type, or to none.
    pub fn is_of(&self, name: &str) -> bool {
        let target = self.within.rsplit(" for ").next().unwrap_or_default();
        target.is_empty() || target.contains(&format!("{name}<")) || target.ends_with(name)
    }

    /// Whether this word stands before its `fn`.
    pub fn is(&self, qualifier: &str) -> bool {
        self.qualifiers.split(' ').any(|word| word == qualifier)
    }
}

/// The functions, with no lifetimes in them.
pub fn functions(source: &str) -> Vec<Function> {
    let code = without_lifetimes(&without_text(source));
    let (mut functions, mut around, mut start) = (Vec::new(), Vec::new(), 0);
    for (at, c) in code.char_indices() {
        if !"{};".contains(c) {
            continue;
        }
        let header = code[start..at]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        start = at + 1;
        match c {
            '{' => {
                functions.extend(function(&header, &around));
                around.push(header);
            }
            '}' => drop(around.pop()),
            _ => {}
        }
    }
    functions
}

fn function(header: &str, around: &[String]) -> Option<Function> {
    let (before, rest) = header.split_once("fn ")?;
    let qualifiers = without_attributes(before);
    let name_ends = rest.find(['<', '('])?;
    let (name, rest) = rest.split_at(name_ends);
    let generics = closed(rest, '<', '>').unwrap_or_default();
    let parameters = closed(&rest[generics.len()..], '(', ')')?;
    let input = &rest[..generics.len() + parameters.len()];
    let output = rest[input.len()..].split(" where").next()?;
    let within = around.last().filter(|header| header.contains("impl"));
    let is_inside = around
        .iter()
        .any(|header| without_attributes(header).starts_with("mod "));
    Some(Function {
        name: name.into(),
        within: within.cloned().unwrap_or_default(),
        is_inside,
        qualifiers: qualifiers.into(),
        input: input.into(),
        output: output.trim().trim_start_matches("->").trim().into(),
        signature: format!("{qualifiers} fn {name}{rest}"),
    })
}

/// Attributes stand before what they are about.
fn without_attributes(header: &str) -> &str {
    header.rsplit(']').next().unwrap_or(header).trim()
}

/// The arguments of the first `name<…>` in a text.
pub fn arguments<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let Some(at) = text.find(&format!("{name}<")) else {
        return Vec::new();
    };
    let inner = closed(&text[at + name.len()..], '<', '>').unwrap_or("<>");
    let inner = &inner[1..inner.len() - 1];
    let (mut depth, mut start, mut all) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
            ',' if depth == 0 => {
                all.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(inner[start..].trim());
    all
}

/// The text from `open`, with which it begins, to the `close` that belongs to it.
pub fn closed(text: &str, open: char, close: char) -> Option<&str> {
    if !text.starts_with(open) {
        return None;
    }
    let (mut depth, mut last) = (0_u32, ' ');
    for (at, c) in text.char_indices() {
        // The `>` of an arrow closes nothing.
        depth += u32::from(c == open);
        depth -= u32::from(c == close && last != '-');
        if depth == 0 {
            return Some(&text[..=at]);
        }
        last = c;
    }
    None
}

/// Without comments, and without what stands in quotes.
fn without_text(source: &str) -> String {
    let (mut code, mut rest) = (String::new(), source);
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("'{'") || rest.starts_with("'}'") || rest.starts_with("'\"'") {
            3
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| match (escaped, c) {
                (false, '\\') => {
                    escaped = true;
                    false
                }
                (false, '"') => true,
                _ => {
                    escaped = false;
                    false
                }
            });
            end.map_or(rest.len(), |end| end + 2)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// With `&mut T` where it said `&'a mut T`.
fn without_lifetimes(code: &str) -> String {
    let mut parts = code.split("&'");
    let mut all = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let name = part.find(|c: char| !c.is_alphanumeric() && c != '_');
        all.push('&');
        all.push_str(part[name.unwrap_or(part.len())..].trim_start());
    }
    all
}
