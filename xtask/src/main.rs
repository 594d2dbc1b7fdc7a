//! The command of the course: `cargo xtask` grades exercises for learners and proves the course
//! for its maintainers.

use std::process::ExitCode;

mod api;
mod cache;
mod cargo;
mod catalogue;
mod chapter;
mod cli;
mod commands;
mod death;
mod document;
mod exercise;
mod expectation;
mod files;
mod freshness;
mod gallery;
mod grade;
mod graded;
mod group;
mod hints;
mod interrupt;
mod limits;
mod manifest;
mod meaning;
mod message;
mod metadata;
mod parallel;
mod picture;
mod prepare;
mod process;
mod progress;
mod record;
mod rejected;
mod sandbox;
mod scratch;
mod session;
mod show;
mod stack;
mod standing;
mod suite;
mod timeline;
mod verdict;
mod verify;
mod workspace;

/// All that was asked for passes.
const PASSES: u8 = 0;
/// Something that was asked for does not pass.
const DOES_NOT_PASS: u8 = 1;
/// The call or the environment is at fault.
const CANNOT: u8 = 2;
/// Ended from the keyboard or by a signal, as shells report it.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let arguments = match cli::command().try_get_matches() {
        Ok(arguments) => arguments,
        Err(error) => return cli::explain(&error),
    };
    match interrupt::listen().and_then(|()| dispatch(&arguments)) {
        Ok(true) => PASSES.into(),
        Ok(false) => DOES_NOT_PASS.into(),
        Err(error) if error.is::<interrupt::Interrupted>() => INTERRUPTED.into(),
        Err(error) => {
            show::error(&error);
            CANNOT.into()
        }
    }
}

/// Runs the command that was asked for; the answer is whether all that was asked for passes.
fn dispatch(arguments: &clap::ArgMatches) -> anyhow::Result<bool> {
    match arguments.subcommand() {
        None => commands::status::run(),
        Some(("check-stage", arguments)) => commands::check_stage::run(arguments),
        Some(("list", _)) => commands::list::run(),
        Some(("hint", arguments)) => commands::hint::run(arguments),
        Some(("reset", arguments)) => commands::reset::run(arguments),
        Some(("solution", arguments)) => commands::solution::run(arguments),
        Some(("trace", arguments)) => commands::trace::run(arguments),
        Some(("verify", arguments)) => commands::verify::run(arguments),
        Some(("bless", _)) => commands::bless::run(),
        Some((other, _)) => unreachable!("clap knows no command `{other}`"),
    }
}
