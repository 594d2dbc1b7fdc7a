//! The recorded run of one test, for looking at.

use anyhow::{Context as _, bail};
use course::event::Event;

use crate::{
    exercise::{Exercise, Kind},
    prepare::{Prepared, in_place},
    progress,
    session::Session,
    suite,
    verdict::Judged,
};

/// A run with its name.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// The exercise.
    exercise: String,
    /// The test that ran.
    pub(crate) test: String,
    /// What happened.
    pub(crate) events: Vec<Event>,
    /// What the grader thinks of it.
    pub(crate) judged: Judged,
}

impl Recorded {
    /// The picture's title.
    pub(crate) fn title(&self) -> String {
        format!("{}: {}", self.exercise, self.test.replace('_', " "))
    }
}

/// Runs one test of an exercise: the lesson's, unless another is asked for.
pub(crate) fn record(
    session: &Session,
    exercise: &Exercise,
    reference: bool,
    test: Option<&str>,
) -> anyhow::Result<Recorded> {
    if exercise.is_gallery() {
        bail!(
            "nothing of `{}` runs: the compiler rejects it, or it is not right",
            exercise.name
        );
    }
    let test = choose(exercise, test)?;
    progress::step(&format!("building {}", exercise.name));
    let of_learner = !reference && exercise.kind != Kind::Predict;
    let mut grader = match in_place(session, exercise, of_learner)? {
        Prepared::Ready(grader) => grader,
        Prepared::Rejected(_) | Prepared::Judged(_) => bail!(
            "{} does not compile, so there is no run; `{}` shows the compiler's words",
            exercise.file(),
            exercise.check()
        ),
    };
    if exercise.kind == Kind::Predict {
        grader.prediction = Some(session.workspace.root.join(exercise.reference()));
    }
    progress::step(&format!("running {}", exercise.name));
    let mut judged = suite::run(
        session,
        &exercise.folder,
        &grader,
        std::slice::from_ref(&test),
    )?;
    let mut judged = judged.pop().context("one test was asked for")?;
    let events = std::mem::take(&mut judged.events);
    Ok(Recorded {
        exercise: exercise.name.clone(),
        test,
        events,
        judged,
    })
}

fn choose(exercise: &Exercise, test: Option<&str>) -> anyhow::Result<String> {
    let Some(test) = test else {
        let lesson = exercise.lesson.as_ref().or(exercise.tests.last());
        return lesson
            .cloned()
            .with_context(|| format!("`{}` has no tests", exercise.name));
    };
    let wanted = test.replace('-', "_");
    if exercise.tests.contains(&wanted) {
        return Ok(wanted);
    }
    bail!(
        "`{}` has no test `{test}`; its tests are {}",
        exercise.name,
        exercise.tests.join(", ")
    )
}
