//! A gallery: a file of small programs, each of which the compiler has to reject for a stated reason.
//!
//! A line `// == NAME ==` begins a program. Each is cut out and checked alone, with nothing around it but
//! `std`; what it is judged by is the error's code, its words and the places that it points to.

use std::path::Path;

use anyhow::Context as _;
use course::diagnosis::Misconception;

use crate::{
    cargo::{self, Built},
    document::{TestReport, Verdict},
    exercise::{Exercise, Rejected},
    files, manifest, meaning,
    message::Message,
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
        let built_as = format!("examples/{}.rs", wanted.program);
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
        let file = root.join(format!("examples/{}.rs", wanted.program));
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
    if !error
        .places
        .iter()
        .any(|place| place.source.contains(&wanted.at))
    {
        let seen = format!("{}; it was to point to a `{}`", said(), wanted.at);
        return Some(("other-reason", seen));
    }
    let lines = size(program);
    (lines > wanted.lines).then(|| {
        let seen = format!("{lines} lines of code, where {} are enough", wanted.lines);
        ("not-smallest", seen)
    })
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
    use super::{cut, size};

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
}
