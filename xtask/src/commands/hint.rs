//! `hint NAME`: the next hint, from a nudge to nearly the answer.

use clap::ArgMatches;

use crate::{
    files, hints,
    session::Session,
    show::{
        self,
        style::{command, faint, strong},
        wrap::indented,
    },
};

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let name = arguments
        .get_one::<String>("name")
        .expect("the name is required");
    let exercise = session.catalogue.exercise(name)?;
    let page = files::read_text(&session.workspace.root.join(hints::file(exercise)))?;
    let hints = hints::parse(&page);
    let shown = hints::shown(&session, exercise).min(hints.len());
    // After the last one, the last one is shown again.
    let next = shown.min(hints.len().saturating_sub(1));
    let (from, to) = match arguments.get_flag("all") {
        true => (0, hints.len()),
        false => (next, (next + 1).min(hints.len())),
    };
    let mut text = String::new();
    for (index, hint) in hints.iter().enumerate().take(to).skip(from) {
        let count = faint(format!(
            "hint {} of {} for {}",
            index + 1,
            hints.len(),
            exercise.name
        ));
        text.push_str(&format!(
            "\n{}    {count}\n\n{}",
            strong(&hint.title),
            indented(&hint.text, 2)
        ));
    }
    let more = if to < hints.len() {
        format!(
            "The next one:  {}",
            command(format!("cargo xtask hint {}", exercise.name))
        )
    } else {
        let all = command(format!("cargo xtask hint {} --all", exercise.name));
        let solution = command(format!("cargo xtask solution {}", exercise.name));
        format!("That was the last one. All of them again:  {all}    The answer:  {solution}")
    };
    show::print(&format!("{text}\n  {more}\n\n"))?;
    hints::remember(&session, exercise, shown.max(to))?;
    Ok(true)
}
