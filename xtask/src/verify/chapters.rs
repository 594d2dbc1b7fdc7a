//! What chapters, manifests and diagnoses say about each other holds.

use std::collections::BTreeSet;

use course::diagnosis;

use super::Findings;
use crate::{chapter, cli, files, session::Session};

/// Checks the anchors that exercises and diagnoses point to, and the chapters' quotations.
pub(crate) fn check(session: &Session, findings: &mut Findings) -> anyhow::Result<()> {
    let root = &session.workspace.root;
    let anchors = |page: &str| -> Option<BTreeSet<String>> {
        files::read_text(&root.join(page))
            .ok()
            .map(|text| chapter::anchors(&text))
    };
    for exercise in session.catalogue.exercises() {
        let page = format!("{}/README.md", exercise.folder);
        if !anchors(&page).is_some_and(|anchors| anchors.contains(&exercise.chapter)) {
            let what = format!(
                "no heading makes the anchor `#{}` of `{}`",
                exercise.chapter, exercise.name
            );
            findings.problem(page, what);
        }
    }
    for entry in diagnosis::ALL {
        for place in entry.read {
            let (page, anchor) = place.split_once('#').unwrap_or((place, ""));
            if !anchors(page).is_some_and(|anchors| anchors.contains(anchor)) {
                let what = format!(
                    "no heading makes the anchor `#{anchor}` of the diagnosis `{}`",
                    entry.code
                );
                findings.problem(page, what);
            }
        }
    }
    for stage in &session.catalogue.stages {
        quotations(session, &stage.folder, findings)?;
    }
    commands(session, findings)
}

/// A learner types what a page says, so every command in it exists.
fn commands(session: &Session, findings: &mut Findings) -> anyhow::Result<()> {
    let root = &session.workspace.root;
    let mut known = cli::command();
    // Only a built command knows its own `help`.
    known.build();
    let known: Vec<&str> = known
        .get_subcommands()
        .map(|command| command.get_name())
        .collect();
    let mut pages = vec![root.join("README.md")];
    pages.extend(files::tree(&root.join("tests/solutions"))?);
    for stage in &session.catalogue.stages {
        pages.push(root.join(&stage.folder).join("README.md"));
    }
    for page in pages.iter().filter(|page| page.is_file()) {
        let text = String::from_utf8_lossy(&files::read(page)?).into_owned();
        for named in text.split("cargo xtask ").skip(1) {
            let word = named
                .split(|c: char| !c.is_ascii_alphabetic() && c != '-')
                .next();
            let word = word.unwrap_or_default();
            if !word.is_empty() && !known.contains(&word) {
                let what = format!("names `cargo xtask {word}`, which does not exist");
                findings.problem(session.workspace.relative(page), what);
            }
        }
    }
    Ok(())
}

fn quotations(session: &Session, stage: &str, findings: &mut Findings) -> anyhow::Result<()> {
    let folder = session.workspace.root.join(stage);
    let page = files::read_text(&folder.join("README.md"))?;
    for quotation in chapter::quotations(&page) {
        let place = format!("{stage}/README.md:{}", quotation.line);
        let Some(file) = quotation.file else {
            findings.problem(
                place,
                "this block is not compiled, so the line before it has to say From `FILE`:",
            );
            continue;
        };
        match files::read_text(&folder.join(&file)) {
            Ok(source) if chapter::is_quoted_from(&quotation.text, &source) => {}
            Ok(_) => findings.problem(
                place,
                format!("these lines do not stand like this in {file}"),
            ),
            Err(_) => findings.problem(place, format!("quotes {file}, which does not exist")),
        }
    }
    Ok(())
}
