//! `list`: all exercises, and how far the learner is with each.

use crate::{
    document::Verdict,
    session::Session,
    show::{
        self,
        style::{bad, faint, good, strong},
    },
    standing,
};

/// Runs the command.
pub(crate) fn run() -> anyhow::Result<bool> {
    let session = Session::open()?;
    let standing = standing::of_all(&session)?;
    let names = session
        .catalogue
        .exercises()
        .map(|exercise| exercise.name.len());
    let widest = names.max().unwrap_or(0);
    let mut page = String::new();
    for stage in &session.catalogue.stages {
        let solved = standing::solved(&standing, stage.number);
        page.push_str(&show::graded::heading(stage, Some(solved)));
        for (exercise, verdict) in standing.iter().filter(|(one, _)| one.stage == stage.number) {
            let mark = match verdict {
                Verdict::Pass => good("✓"),
                Verdict::NotStarted => faint("·"),
                _ => bad("✗"),
            };
            let name = format!("{:widest$}", exercise.name);
            let kind = format!("{:7}", exercise.kind.name());
            let minutes = faint(format!("{:>3} min", exercise.minutes));
            let line = format!("{} {minutes}   {}", faint(kind), exercise.summary);
            page.push_str(&format!("  {mark} {}  {line}\n", strong(name)));
        }
    }
    page.push_str(&format!(
        "\n  {} solved   {} begun   {} not started\n\n",
        good("✓"),
        bad("✗"),
        faint("·")
    ));
    show::print(&page)?;
    Ok(true)
}
