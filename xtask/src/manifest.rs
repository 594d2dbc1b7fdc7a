//! The manifests of scratch workspaces and packages.

use std::{
    fmt::{Display, Write as _},
    path::Path,
};

use crate::{
    exercise::Exercise,
    metadata::{Dependency, Package},
};

/// The manifest of a workspace with these members, under the course's own lints. No debug information,
/// and nothing kept for the next build: most candidates are built once.
pub(crate) fn of_workspace(members: &[&str], course: &str) -> String {
    let mut text = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {}\n\n",
        list(members)
    );
    text.push_str("[profile.dev]\ndebug = false\nincremental = false\n\n");
    text + &lints(course)
}

/// The sections `[workspace.lints…]` of the course's manifest, as they stand.
fn lints(course: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in course.lines() {
        if line.starts_with('[') {
            inside = line.starts_with("[workspace.lints");
        }
        if inside {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// The stage's manifest under another package name, with the exercise's feature always on, and with
/// its grader as the only target beside the library. What takes no module's place in the library
/// needs no library of its own: all such candidates share the stage's.
pub(crate) fn of_candidate(name: &str, exercise: &Exercise, stage: &Package) -> String {
    let mut text = format!("[package]\nname = {}\nversion = \"0.0.0\"\n", quoted(name));
    let _ = writeln!(text, "edition = {}", quoted(&stage.edition));
    for targets in ["lib", "bins", "examples", "benches", "tests"] {
        let _ = writeln!(text, "auto{targets} = false");
    }
    text.push_str("\n[lints]\nworkspace = true\n");
    if exercise.is_in_library() {
        let library = quoted(stage.name.replace('-', "_"));
        let _ = writeln!(
            text,
            "\n[lib]\nname = {library}\ntest = false\ndoctest = false"
        );
    }
    let (test, path) = (
        quoted(&exercise.name),
        quoted(format!("tests/{}.rs", exercise.name)),
    );
    let _ = writeln!(text, "\n[[test]]\nname = {test}\npath = {path}");
    let _ = writeln!(
        text,
        "\n[features]\ndefault = {}",
        list(&[exercise.feature()])
    );
    for (feature, parts) in stage
        .features
        .iter()
        .filter(|(feature, _)| *feature != "default")
    {
        let _ = writeln!(text, "{} = {}", quoted(feature), list(parts));
    }
    for dependency in &stage.dependencies {
        text.push_str(&section(dependency));
    }
    if !exercise.is_in_library() {
        let name = quoted(&stage.name);
        let folder = stage.manifest_path.parent().unwrap_or(Path::new(""));
        let path = quoted(folder.display());
        let _ = writeln!(text, "\n[dependencies.{name}]\npath = {path}");
    }
    text
}

/// A package of its own, with the programs of a gallery as its examples: each a library, so that it needs
/// no `main`.
pub(crate) fn of_gallery(exercise: &Exercise, edition: &str) -> String {
    let mut text = String::from("[workspace]\n\n[package]\nname = \"gallery\"\n");
    let _ = writeln!(text, "edition = {}", quoted(edition));
    text.push_str("autoexamples = false\n");
    for rejected in &exercise.rejected {
        let name = quoted(&rejected.program);
        let path = quoted(format!("examples/{}.rs", rejected.program));
        let _ = writeln!(
            text,
            "\n[[example]]\nname = {name}\npath = {path}\ncrate-type = [\"lib\"]"
        );
    }
    text
}

fn section(dependency: &Dependency) -> String {
    let table = match dependency.kind.as_deref() {
        Some(kind) => format!("{kind}-dependencies"),
        None => "dependencies".into(),
    };
    let target = dependency.target.as_ref();
    let target = target.map_or_else(String::new, |target| format!("target.{}.", quoted(target)));
    let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
    let mut text = format!("\n[{target}{table}.{}]\n", quoted(name));
    let _ = writeln!(text, "package = {}", quoted(&dependency.name));
    match &dependency.path {
        Some(path) => {
            let _ = writeln!(text, "path = {}", quoted(path.display()));
        }
        None => {
            let _ = writeln!(text, "version = {}", quoted(&dependency.req));
        }
    }
    let _ = writeln!(
        text,
        "default-features = {}",
        dependency.uses_default_features
    );
    let _ = writeln!(text, "features = {}", list(&dependency.features));
    if dependency.optional {
        text.push_str("optional = true\n");
    }
    text
}

fn list(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(quoted).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML string.
fn quoted(text: impl Display) -> String {
    let text = text.to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::{lints, quoted};

    #[test]
    fn only_lints_are_taken_over() {
        let course = "[workspace]\nmembers = []\n[workspace.lints.rust]\n# why\na = \"warn\"\n\n[profile.dev]\nx = 1\n";
        assert_eq!(
            lints(course),
            "[workspace.lints.rust]\n# why\na = \"warn\"\n\n"
        );
    }

    #[test]
    fn paths_of_all_systems_can_be_quoted() {
        assert_eq!(quoted(r#"C:\a "b""#), r#""C:\\a \"b\"""#);
    }
}
