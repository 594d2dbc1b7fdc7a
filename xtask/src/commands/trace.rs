//! `trace NAME`: the recorded run as a timeline.

use std::path::PathBuf;

use anyhow::bail;
use clap::ArgMatches;
use course::trace;

use crate::{
    document::Verdict,
    exercise::Kind,
    files,
    grade::{self, Subject},
    picture,
    session::Session,
    show::{
        self,
        style::{bad, faint, good, strong},
        wrap::indented,
    },
    timeline,
};

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let name = arguments
        .get_one::<String>("name")
        .expect("the name is required");
    let exercise = session.catalogue.exercise(name)?;
    let reference = arguments.get_flag("reference");
    if exercise.kind == Kind::Predict
        && !reference
        && !grade::grade(&session, exercise, Subject::Learner)?.passed()
    {
        bail!(
            "the run of `{}` is its answer; write your prediction to {} first, or add --reference",
            exercise.name,
            exercise.file()
        );
    }
    // What is given to be mended has a run already: the one with the fault in it.
    let has_run = reference || exercise.kind == Kind::Fix;
    if !has_run && grade::is_untouched(&session, exercise)? {
        bail!(
            "{} is still what you were given; `cargo xtask trace {} --reference` shows the run to aim at",
            exercise.file(),
            exercise.name
        );
    }
    let test = arguments.get_one::<String>("test").map(String::as_str);
    let recorded = timeline::record(&session, exercise, reference, test)?;
    if recorded.events.is_empty() {
        let why = recorded
            .judged
            .message
            .or(recorded.judged.diagnosis.map(|named| named.seen));
        let why = why.filter(|why| !why.is_empty());
        bail!(
            "nothing was recorded in {}{}",
            recorded.test,
            why.map_or_else(String::new, |why| format!(": {why}"))
        );
    }
    if let Some(file) = arguments.get_one::<PathBuf>("svg") {
        let picture = picture::draw(&recorded.title(), &recorded.events);
        files::write(&std::path::absolute(file)?, picture.as_bytes())?;
        show::print(&format!("{} {} is written\n", good("✓"), file.display()))?;
        return Ok(true);
    }
    let whose = if reference {
        exercise.reference()
    } else {
        exercise.file()
    };
    let mut page = format!("\n{}    {}\n\n", strong(recorded.title()), faint(whose));
    page.push_str(&indented(&trace::complete(&recorded.events), 4));
    page.push_str(&match recorded.judged.report.verdict {
        Verdict::Pass => String::new(),
        other => {
            let diagnosis = recorded.judged.diagnosis.map(|diagnosis| diagnosis.code);
            format!(
                "\n  {}\n",
                bad(diagnosis.unwrap_or_else(|| other.name().into()))
            )
        }
    });
    show::print(&(page + "\n"))?;
    Ok(true)
}
