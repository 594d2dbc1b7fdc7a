//! Processes, threads, jobs and tasks: `cargo bench -p peers --bench costs`.
//!
//! Behind `--`: `--plot FILE.svg` writes the picture, and beside it `FILE.txt` with what is printed;
//! `--from FILE.txt` draws it again from such a file and measures nothing. The bounds of the growth:
//! `--most-processes`, `--most-threads`, `--most-tasks`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use peers::costs::measuring::{self, Amounts};
use peers::costs::{growth, plot, processes, record};
use peers::{child, machine};

/// Errors end the program: whatever failed, the table would have a hole.
type Result<T> = std::result::Result<T, plot::Error>;

fn main() -> ExitCode {
    let result = match child::arguments() {
        Some(arguments) => child_main(&arguments),
        None => run(&command().get_matches()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("costs: {error}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    let path = |name| {
        Arg::new(name)
            .long(name)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
    };
    let number = |name, default| {
        let argument = Arg::new(name)
            .long(name)
            .value_name("N")
            .default_value(default);
        argument.value_parser(value_parser!(usize))
    };
    Command::new("costs")
        .about("What processes, threads, jobs and tasks cost")
        .arg(path("plot").help("Write the picture there, and the text beside it"))
        .arg(
            path("from")
                .requires("plot")
                .help("Draw from this text, measure nothing"),
        )
        .arg(number("rounds", "11").help("Rounds of what is timed"))
        .arg(number("most-processes", "500").help("Where the growth of processes ends"))
        .arg(number("most-threads", "10000").help("Where the growth of threads ends"))
        .arg(number("most-tasks", "10000000").help("Where the growth of jobs and tasks ends"))
        .arg(
            (Arg::new("quick").long("quick").action(ArgAction::SetTrue))
                .help("Little of everything, to see that it runs: no figures to quote"),
        )
        .arg((Arg::new("bench").long("bench").action(ArgAction::SetTrue)).hide(true))
}

/// In a process that this one started.
fn child_main(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((what, [])) if what == "end" => Ok(()),
        Some((what, [])) if what == "echo" => Ok(processes::echo_main()?),
        Some((what, [])) if what == "wait" => Ok(processes::wait_main()?),
        Some((what, rest)) if what == "grow" => Ok(growth::main(rest)?),
        _ => Err(format!("started with {arguments:?}").into()),
    }
}

fn run(arguments: &ArgMatches) -> Result<()> {
    let file = |name| {
        arguments
            .get_one::<PathBuf>(name)
            .map(|path| from_the_root(path))
    };
    let picture = file("plot");
    let text = match file("from") {
        Some(from) => {
            fs::read_to_string(&from).map_err(|error| format!("{}: {error}", from.display()))?
        }
        None => measure(arguments)?,
    };
    let Some(picture) = picture else {
        return Ok(());
    };
    fs::create_dir_all(picture.parent().unwrap_or(Path::new(".")))?;
    fs::write(picture.with_extension("txt"), &text)?;
    fs::write(&picture, plot::svg(&record::parse(&text)?)?)?;
    Ok(())
}

/// `cargo bench` runs this in the package's folder; whoever types a path means the workspace's.
fn from_the_root(path: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// Everything, printed as it comes and returned as one text.
fn measure(arguments: &ArgMatches) -> Result<String> {
    let number = |name| arguments.get_one(name).copied().unwrap_or(1);
    let quick = arguments.get_flag("quick");
    let amounts = Amounts {
        quick,
        rounds: if quick { 3 } else { number("rounds") },
        processes: number("most-processes"),
        threads: number("most-threads"),
        tasks: number("most-tasks"),
    };
    let mut text = String::new();
    let mut print = |part: &str| {
        println!("{part}");
        text.push_str(part);
        text.push('\n');
    };
    print(&this_command());
    print(&machine::describe());
    print(&measuring::table(&amounts)?);
    print(&measuring::ring(&amounts));
    print(&machine::load());
    Ok(text)
}

/// What to type to measure again.
fn this_command() -> String {
    let mut command = "cargo bench -p peers --bench costs".to_owned();
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    if !arguments.is_empty() {
        command += " -- ";
        command += &arguments.join(" ");
    }
    command
}
