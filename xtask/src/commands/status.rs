//! `cargo xtask` alone: where the learner is, and the one thing to do next.

use crate::{
    document::Verdict,
    exercise::Exercise,
    session::Session,
    show::{
        self,
        style::{command, faint, good, strong},
        wrap::labelled,
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
        Some((exercise, verdict)) => step(&session, &standing, exercise, verdict),
        None => finished(),
    });
    show::print(&page)?;
    Ok(true)
}

fn step(
    session: &Session,
    standing: &[(&Exercise, Verdict)],
    exercise: &Exercise,
    verdict: Verdict,
) -> String {
    let begun = verdict != Verdict::NotStarted;
    let verb = if begun { "Go on with" } else { "Next" };
    let title = format!("{}: {}", exercise.name, exercise.summary);
    let mut page = format!("\n  {verb}  {}\n\n", strong(title));
    let chapter = format!("{}/README.md#{}", exercise.folder, exercise.chapter);
    for (label, text) in [("Read", chapter), ("Write", exercise.file())] {
        page.push_str(&labelled(label, &text, 4, |label| faint(label)));
    }
    let before = standing::missing_before(&session.catalogue, standing, exercise);
    if !before.is_empty() && !begun {
        let names: Vec<&str> = before
            .iter()
            .map(|exercise| exercise.name.as_str())
            .collect();
        let text = format!("{}, on which it builds", names.join(", "));
        page.push_str(&labelled("Better first", &text, 4, |label| faint(label)));
    }
    let time = format!("about {} minutes", exercise.minutes);
    page.push_str(&labelled("Time", &time, 4, |label| faint(label)));
    page + &format!("\n  Then    {}\n\n", command(exercise.check()))
}

fn finished() -> String {
    let all = command("cargo xtask check-stage all");
    format!("\n  Every exercise is solved. Your files together, once more:\n\n    {all}\n\n")
}
