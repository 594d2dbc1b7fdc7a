//! `verify`: the maintainer's proof of the course.

use clap::ArgMatches;

use crate::{
    parallel,
    session::Session,
    show::{self, style},
    verify::{self, Share, Task},
};

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let only = match arguments.get_one::<String>("exercise") {
        Some(name) => Some(session.catalogue.exercise(name)?),
        None => None,
    };
    let jobs = arguments.get_one::<u32>("jobs").map(|jobs| *jobs as usize);
    let task = Task {
        only,
        repeat: *arguments
            .get_one::<u32>("repeat")
            .expect("clap has a default for it"),
        jobs: jobs.unwrap_or_else(parallel::processors),
        share: arguments.get_one::<Share>("share").copied(),
        pristine: arguments.get_flag("pristine"),
    };
    let findings = verify::run(&session, task)?;
    let mut page = String::new();
    for problem in &findings.problems {
        page.push_str(&format!("{} {problem}\n", style::bad("✗")));
    }
    let mut looked_at = format!(
        "{} references and {} verdicts on candidates",
        findings.references, findings.verdicts
    );
    if findings.skipped > 0 {
        let others = format!("; {} candidates are left to other shares", findings.skipped);
        looked_at.push_str(&others);
    }
    page.push_str(&match findings.problems.len() {
        0 => format!("{} {looked_at}: all as they should be\n", style::good("✓")),
        1 => format!("\n1 problem ({looked_at})\n"),
        number => format!("\n{number} problems ({looked_at})\n"),
    });
    show::print(&page)?;
    Ok(findings.problems.is_empty())
}
