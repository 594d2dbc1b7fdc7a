//! The calls that the command understands.

use std::{path::PathBuf, process::ExitCode};

use clap::{Arg, ArgAction, Command, error::ErrorKind, value_parser};

use crate::{CANNOT, PASSES, show, verify::Share};

/// The whole command line. Clap's builder rather than its derive: the derive would double the
/// time that a fresh clone takes to its first verdict.
pub(crate) fn command() -> Command {
    Command::new("xtask")
        .bin_name("cargo xtask")
        .about("Grades the exercises of Async by Hand. Without a command: where you are, and what is next.")
        .after_help(
            "Exit status: 0 all that was asked for passes, 1 it does not, 2 the call or the \
             environment is at fault.",
        )
        .subcommands([check_stage(), list(), hint(), reset(), solution(), trace(), verify(), bless()])
}

fn check_stage() -> Command {
    Command::new("check-stage")
        .about("Grade a stage: each exercise alone, then your solved files together")
        .after_help(
            "Limits of one test, set in the environment: COURSE_TIME_LIMIT (seconds, 10), \
             COURSE_MEMORY_LIMIT (bytes, 64 MiB), COURSE_THREAD_LIMIT (256), \
             COURSE_OUTPUT_LIMIT (bytes, 1 MiB).",
        )
        .arg(
            Arg::new("stage")
                .value_name("N")
                .required(true)
                .help("1 to 6, or `all`"),
        )
        .arg(exercise_option("Grade this exercise alone"))
        .arg(
            Arg::new("with")
                .long("with")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .requires("exercise")
                .conflicts_with("reference")
                .help("Grade FILE as if it were your file for that exercise; nothing is changed"),
        )
        .arg(reference())
        .arg(
            Arg::new("format")
                .long("format")
                .value_parser(["human", "json"])
                .default_value("human")
                .help("For people, or one JSON document for programs"),
        )
}

fn list() -> Command {
    Command::new("list").about("All exercises, and how far you are with each")
}

fn hint() -> Command {
    Command::new("hint")
        .about("The next hint for an exercise")
        .arg(name())
        .arg(flag("all").help("Every hint at once"))
}

fn reset() -> Command {
    Command::new("reset")
        .about("Start an exercise over; your file is kept in exercises/saved/")
        .arg(name())
}

fn solution() -> Command {
    Command::new("solution")
        .about("Compare your file with the reference")
        .arg(name())
        .arg(flag("anyway").help("Also where you have not started"))
}

fn trace() -> Command {
    Command::new("trace")
        .about("The recorded run of an exercise as a timeline")
        .arg(name())
        .arg(reference())
        .arg(
            Arg::new("test")
                .long("test")
                .value_name("TEST")
                .help("Another test than the lesson's"),
        )
        .arg(
            Arg::new("svg")
                .long("svg")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write the timeline as a picture"),
        )
}

fn verify() -> Command {
    Command::new("verify")
        .about("Prove the course: references pass, mistakes are caught, right designs are not rejected")
        .arg(exercise_option("Prove this exercise alone"))
        .arg(
            Arg::new("repeat")
                .long("repeat")
                .value_name("TIMES")
                .value_parser(value_parser!(u32).range(1..))
                .default_value("1")
                .help("Grade every candidate so many times"),
        )
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..))
                .help("Candidates that run at once; as many as processors unless told"),
        )
        .arg(
            Arg::new("share")
                .long("share")
                .value_name("I/N")
                .value_parser(value_parser!(Share))
                .help("Of the right and the wrong solutions only every Nth, from the Ith on; everything else as ever"),
        )
        .arg(flag("pristine").help("Also: the learner's files are still the skeletons"))
}

fn bless() -> Command {
    Command::new("bless")
        .about("Rewrite the snapshots and pictures from the reference (maintainers)")
}

fn name() -> Arg {
    Arg::new("name")
        .value_name("NAME")
        .required(true)
        .help("The exercise")
}

fn exercise_option(help: &'static str) -> Arg {
    Arg::new("exercise")
        .long("exercise")
        .value_name("NAME")
        .help(help)
}

fn reference() -> Arg {
    flag("reference").help("The reference instead of your file")
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

/// Help goes to standard output; a wrong call ends with one line that names the mend.
pub(crate) fn explain(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = show::print(&error.render().ansi().to_string());
        return PASSES.into();
    }
    let text = error.render().to_string();
    let what: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .map(|line| line.trim_start_matches("error: "))
        .collect();
    show::error(&anyhow::anyhow!(
        "{}; `cargo xtask --help` shows the calls",
        what.join(" ")
    ));
    CANNOT.into()
}
