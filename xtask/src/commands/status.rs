//! `cargo xtask` alone: where the learner is, and the one thing to do next.

use crate::{
    document::Verdict,
    session::Session,
    show::{
        self,
        next::next_step,
        style::{command, faint, good, strong},
    },
    standing,
};

/// Runs the command.
pub(crate) fn run() -> anyhow::Result<bool> {
    let session = Session::open()?;
    let standing = standing::of_all(&session)?;
    let mut page = format!("\n{}\n\n", strong("Async by Hand"));
    for stage in &session.catalogue.stages {
        let of_stage = standing
            .iter()
            .filter(|(exercise, _)| exercise.stage == stage.number);
        let bar: String = of_stage
            .map(|(_, verdict)| {
                if *verdict == Verdict::Pass {
                    good("■")
                } else {
                    faint("□")
                }
            })
            .collect();
        let solved = standing::solved(&standing, stage.number);
        let title = format!("Stage {} · {}", stage.number, stage.title);
        let gap = " ".repeat(36usize.saturating_sub(title.chars().count()));
        page.push_str(&format!(
            "  {title}{gap}{bar}  {solved} of {}\n",
            stage.exercises.len()
        ));
    }
    page.push_str(&match standing::next(&standing) {
        Some((exercise, verdict)) => next_step(&session.catalogue, &standing, exercise, verdict),
        None => finished(),
    });
    show::print(&page)?;
    Ok(true)
}

fn finished() -> String {
    let all = command("cargo xtask check-stage all");
    format!("\n  Every exercise is solved. Your files together, once more:\n\n    {all}\n\n")
}
