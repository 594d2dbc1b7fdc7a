//! A gallery: a file of small programs, each of which the compiler has to reject for a stated reason.
//!
//! A line `// == NAME ==` begins a program. Each is cut out and checked alone, with nothing around it but
//! `std`; what it is judged by is the error's code, its words and the places that it points to.

use std::{ops::Range, path::Path};

use anyhow::Context as _;
use course::diagnosis::Misconception;

use crate::{
    cargo::{self, Built},
    document::{TestReport, Verdict},
    exercise::{Exercise, Rejected},
    files, manifest, meaning,
    message::{Message, Place},
    prepare::Prepared,
    session::Session,
    verdict::Judged,
};

/// The widest line that counts as one.
const WIDEST: usize = 100;

/// Has the compiler judge the programs of a file.
pub(crate) fn judge(
    session: &Session,
    exercise: &Exercise,
    file: &Path,
) -> anyhow::Result<Prepared> {
    let name = session.workspace.relative(file);
    let text = files::read_text(file)?;
    let built = check(session, exercise, &text)?;
    let mut tests = Vec::new();
    for wanted in &exercise.rejected {
        let Some(program) = cut(&text, &wanted.program) else {
            let reason = format!("{name} has no line `{}`", heading(&wanted.program));
            tests.push(Judged::without_result(&wanted.program, reason));
            continue;
        };
        let built_as = built_as(wanted);
        let mut errors: Vec<Message> = built
            .errors()
            .filter(|error| error.target == wanted.program)
            .cloned()
            .collect();
        for error in &mut errors {
            error.rendered = error.rendered.replace(&built_as, &name);
            for place in error
                .places
                .iter_mut()
                .filter(|place| place.file == built_as)
            {
                place.file = exercise.file();
            }
        }
        tests.push(judged(exercise, wanted, &program, &errors));
    }
    Ok(Prepared::Judged(tests))
}

/// The line that begins a program.
fn heading(program: &str) -> String {
    format!("// == {program} ==")
}

/// What the file of a program is called where it is checked.
fn built_as(wanted: &Rejected) -> String {
    format!("examples/{}.rs", wanted.program)
}

/// The program of this name, with empty lines in the place of all others: so an error has the line that it
/// has in the file.
fn cut(text: &str, program: &str) -> Option<String> {
    let heading = heading(program);
    let mut lines = text.lines();
    let before = lines.by_ref().position(|line| line.trim() == heading)?;
    let mut cut = "\n".repeat(before + 1);
    for line in lines.take_while(|line| !line.trim().starts_with("// == ")) {
        cut.push_str(line);
        cut.push('\n');
    }
    Some(cut)
}

/// Checks all programs in one call of cargo, each as a library of its own.
fn check(session: &Session, exercise: &Exercise, text: &str) -> anyhow::Result<Built> {
    let lock = session.lock("gallery")?;
    let root = session.workspace.state("scratch").join("gallery");
    let packages = &session.workspace.packages;
    let stage = packages
        .iter()
        .find(|package| package.name == exercise.package)
        .context("the exercise's package is no member of the workspace")?;
    let manifest = manifest::of_gallery(exercise, &stage.edition);
    files::write_if_new(&root.join("Cargo.toml"), manifest.as_bytes())?;
    files::write_if_new(&root.join("src/lib.rs"), b"")?;
    for wanted in &exercise.rejected {
        let program = cut(text, &wanted.program).unwrap_or_default();
        let file = root.join(built_as(wanted));
        files::write_if_new(&file, program.as_bytes())?;
    }
    let mut command = session.workspace.cargo();
    command
        .env("CARGO_TARGET_DIR", root.join("target"))
        .current_dir(&root)
        .args(["check", "--examples", "--keep-going", "--quiet"]);
    let built = cargo::build(command)?;
    drop(lock);
    Ok(built)
}

fn judged(exercise: &Exercise, wanted: &Rejected, program: &str, errors: &[Message]) -> Judged {
    let wrong = wrong(exercise, wanted, program, errors);
    let rendered: Vec<&str> = errors
        .iter()
        .map(|error| error.rendered.trim_end())
        .collect();
    let message = (wrong.is_some() && !errors.is_empty()).then(|| rendered.join("\n\n"));
    Judged {
        report: TestReport {
            name: wanted.program.clone(),
            verdict: wrong.as_ref().map_or(Verdict::Pass, |_| Verdict::Fail),
            millis: 0,
            output: None,
        },
        diagnosis: wrong.map(|(code, seen)| Misconception::find(code).seen(&exercise.folder, seen)),
        advice: Vec::new(),
        message,
        limit: None,
        expected: None,
        events: Vec::new(),
    }
}

/// What is wrong with a program, and how that shows.
fn wrong(
    exercise: &Exercise,
    wanted: &Rejected,
    program: &str,
    errors: &[Message],
) -> Option<(&'static str, String)> {
    let [error] = errors else {
        let name = &wanted.program;
        return Some(match errors.first() {
            None => (
                "accepted-program",
                format!("the compiler takes `{name}` as it is"),
            ),
            Some(_) => (
                "other-error",
                format!("{} errors in `{name}`", errors.len()),
            ),
        });
    };
    let said = || meaning::seen(exercise, error);
    if error.code.as_deref() != Some(&wanted.code) {
        let seen = format!("{}; {} was asked for", said(), wanted.code);
        return Some(("other-error", seen));
    }
    if !error.text.contains(&wanted.says) {
        let seen = format!("{}; it was to say \"{}\"", said(), wanted.says);
        return Some(("other-reason", seen));
    }
    // So `Pin<&` is found in `Pin<&T>`, and not in `Pin<&mut T>`.
    let words = error.text.replace("&mut ", "mut ");
    if wanted.never.iter().any(|other| words.contains(other)) {
        let seen = format!("{}; that would be so without the stated reason", said());
        return Some(("other-reason", seen));
    }
    if !error
        .places
        .iter()
        .any(|place| shows(wanted, program, place))
    {
        return Some(("other-reason", format!("{}; {}", said(), missed(wanted))));
    }
    let lines = size(program);
    (lines > wanted.lines).then(|| {
        let seen = format!("{lines} lines of code, where {} are enough", wanted.lines);
        ("not-smallest", seen)
    })
}

/// Whether the error shows its reason at this place.
fn shows(wanted: &Rejected, program: &str, place: &Place) -> bool {
    let labelled = place
        .label
        .as_deref()
        .unwrap_or_default()
        .contains(&wanted.label);
    let built_as = built_as(wanted);
    let mut own = place
        .stretches
        .iter()
        .filter(|stretch| stretch.file == built_as);
    labelled
        && (wanted.at.is_empty() || own.any(|stretch| is_at(program, &stretch.bytes, &wanted.at)))
}

/// Whether these bytes of a program are a name, a call of it, or the one argument of a call.
fn is_at(program: &str, bytes: &Range<usize>, name: &str) -> bool {
    let cut =
        (program.get(..bytes.start)).zip(program.get(bytes.clone()).zip(program.get(bytes.end..)));
    let Some((before, (there, after))) = cut else {
        return false;
    };
    let is_call = there
        .split(['(', '{', '['])
        .next()
        .unwrap_or_default()
        .trim_end()
        .ends_with(name);
    let inside = |c: char| c.is_whitespace() || "({[".contains(c);
    let opens = before.trim_end_matches(inside) != before.trim_end();
    let outside = |c: char| c.is_whitespace() || ",}".contains(c);
    let closes = after.trim_start_matches(outside).starts_with([')', ']']);
    is_call || opens && closes && before.trim_end_matches(inside).ends_with(name)
}

/// What the error did not show.
fn missed(wanted: &Rejected) -> String {
    let at = &wanted.at;
    match wanted.label.as_str() {
        "" => format!("it was to point to `{at}`"),
        label => format!("what it calls \"{label}\" was to be `{at}`, or all that `{at}` is given"),
    }
}

/// How many lines of code a program has. A line that is too wide counts as several.
fn size(program: &str) -> usize {
    let code = program.lines().map(str::trim);
    code.filter(|line| !line.is_empty() && !line.starts_with("//"))
        .map(|line| line.chars().count().div_ceil(WIDEST))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{cut, is_at, size};

    const FILE: &str = "//! Two.\n\n// == a ==\nfn a() {}\n\n// == b ==\n// why\nfn b() {}\n";

    #[test]
    fn a_program_keeps_its_lines() {
        assert_eq!(cut(FILE, "a").as_deref(), Some("\n\n\nfn a() {}\n\n"));
        let b = cut(FILE, "b").expect("it is there");
        assert_eq!(b.lines().position(|line| line == "fn b() {}"), Some(7));
        assert_eq!(cut(FILE, "c"), None);
    }

    #[test]
    fn only_code_counts() {
        assert_eq!(size("\n// why\nfn b() {}\n"), 1);
        assert_eq!(size(&"x".repeat(101)), 2);
    }

    #[test]
    fn an_argument_is_the_whole_of_what_is_given() {
        let at = |program: &str, part: &str| {
            let start = program.find(part).expect("it is there");
            is_at(program, &(start..start + part.len()), "pin!")
        };
        assert!(at("let p = std::pin::pin!(text);", "text"));
        assert!(at("let p = pin!(\n    text,\n);", "text"));
        assert!(at("let p = std::pin::pin!(text);", "std::pin::pin!(text)"));
        assert!(!at("drop(text); pin!(1);", "text"));
        assert!(!at("let p = pin!(drop(text));", "text"));
        assert!(!at(
            "let p = pin!(async move { text.len() });",
            "async move"
        ));
        assert!(!at("let p = pin!(text.len());", "text"));
    }
}
