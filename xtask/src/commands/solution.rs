//! `solution NAME`: the reference, beside what the learner wrote.

use std::fs;

use anyhow::bail;
use clap::ArgMatches;
use similar::{ChangeTag, TextDiff};

use crate::{
    exercise::Kind,
    files, grade,
    session::Session,
    show::{
        self,
        style::{bad, faint, good, strong},
    },
};

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let name = arguments
        .get_one::<String>("name")
        .expect("the name is required");
    let exercise = session.catalogue.exercise(name)?;
    let root = &session.workspace.root;
    let reference = files::read_text(&root.join(exercise.reference()))?;
    let own = fs::read(root.join(exercise.file())).unwrap_or_default();
    let untouched = own.is_empty() || grade::is_skeleton(&session, exercise, &own)?;
    if untouched && !arguments.get_flag("anyway") {
        bail!(
            "{} is not started; `cargo xtask hint {}` helps without giving it away, and --anyway shows the solution",
            exercise.name,
            exercise.name
        );
    }
    let mut page = String::new();
    if untouched {
        page.push_str(&format!("\n{}\n\n", strong(exercise.reference())));
        page.push_str(&reference);
    } else {
        let own = String::from_utf8_lossy(&files::unix_lines(&own)).into_owned();
        page.push_str(&format!(
            "\n{}\n{}\n\n",
            bad(format!("- {}", exercise.file())),
            good(format!("+ {}", exercise.reference()))
        ));
        page.push_str(&compare(&own, &reference));
    }
    let note = match exercise.kind {
        Kind::Predict => "The only right answer: this is what happens.",
        _ => "One right answer of several: what the grader accepts is right.",
    };
    page.push_str(&format!("\n{}\n\n", faint(note)));
    show::print(&page)?;
    Ok(true)
}

fn compare(own: &str, reference: &str) -> String {
    let diff = TextDiff::from_lines(own, reference);
    let mut page = String::new();
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end_matches('\n');
        page.push_str(&match change.tag() {
            ChangeTag::Equal => format!("  {line}"),
            ChangeTag::Delete => bad(format!("- {line}")),
            ChangeTag::Insert => good(format!("+ {line}")),
        });
        page.push('\n');
    }
    page
}
