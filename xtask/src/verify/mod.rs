//! The maintainer's proof of the course: everything that it claims about itself is checked.

use crate::{exercise::Exercise, session::Session};

mod candidates;
mod chapters;
pub(crate) mod graders;
mod layout;
mod lists;
pub(crate) mod pictures;
mod references;
mod share;

pub(crate) use share::Share;

/// What is to be proved, and how hard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    /// One exercise alone, where that was asked for.
    pub(crate) only: Option<&'a Exercise>,
    /// How many times each candidate is graded.
    pub(crate) repeat: u32,
    /// How many candidates run at once.
    pub(crate) jobs: usize,
    /// Which of the candidates are graded, where not all of them are.
    pub(crate) share: Option<Share>,
    /// Whether the learner's files have to be untouched: so in the course's own repository.
    pub(crate) pristine: bool,
}

impl Task<'_> {
    /// Whether this exercise is to be proved.
    fn includes(&self, exercise: &Exercise) -> bool {
        self.only.is_none_or(|only| only.name == exercise.name)
    }
}

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// One clear sentence each, beginning with the file at fault.
    pub(crate) problems: Vec<String>,
    /// The exercises whose reference was graded.
    pub(crate) references: usize,
    /// The verdicts on candidates.
    pub(crate) verdicts: usize,
    /// The candidates that belong to other shares.
    pub(crate) skipped: usize,
}

impl Findings {
    fn problem(&mut self, place: impl std::fmt::Display, what: impl std::fmt::Display) {
        self.problems.push(format!("{place}: {what}"));
    }
}

/// Checks everything, cheap things first.
pub(crate) fn run(session: &Session, task: Task<'_>) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    layout::check(session, task, &mut findings)?;
    if task.only.is_none() {
        layout::find_strays(session, &mut findings)?;
        chapters::check(session, &mut findings)?;
        lists::check(session, &mut findings)?;
    }
    references::check(session, task, &mut findings)?;
    candidates::check(session, task, &mut findings)?;
    pictures::check(session, task, &mut findings)?;
    Ok(findings)
}
