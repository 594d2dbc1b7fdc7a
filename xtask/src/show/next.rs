//! The one thing to do next.

use super::{
    style::{command, faint, strong},
    wrap::labelled,
};
use crate::{catalogue::Catalogue, document::Verdict, exercise::Exercise, standing};

/// The exercise to do next, and where: the chapter, the file, the command.
pub(crate) fn next_step(
    catalogue: &Catalogue,
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
    let before = standing::missing_before(catalogue, standing, exercise);
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
