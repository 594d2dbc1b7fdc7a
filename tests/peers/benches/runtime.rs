//! The same work on every runtime, side by side: `cargo bench -p peers --bench runtime`.
//!
//! Behind `--` come the names of the figures that are wanted (parts of names; all without), and
//! `--rounds N`, `--quick`, `--list`, `--check`. The whole takes some three minutes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use peers::counting::Counting;
use peers::rounds::{self, Measured};
use peers::table::{self, Judged};
use peers::works::{self, Size, Work};
use peers::{child, machine};

/// The system's, and a flag that says whether to count. The same for all.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    if let Some(arguments) = child::arguments() {
        return match works::child_main(&arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the process for {arguments:?}: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let arguments = command().get_matches();
    let size = if arguments.get_flag("quick") {
        Size::Quick
    } else {
        Size::Full
    };
    let works = works::all(size)
        .into_iter()
        .filter(|work| wanted(work, &arguments));
    if arguments.get_flag("list") {
        for work in works {
            list(&work);
        }
        return ExitCode::SUCCESS;
    }
    let met = run(works, &arguments);
    ExitCode::from(u8::from(arguments.get_flag("check") && !met))
}

fn command() -> Command {
    let flag = |name| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new("runtime")
        .about("The same work on every runtime, side by side")
        .arg(
            Arg::new("figures")
                .num_args(0..)
                .help("Only figures whose names contain one of these"),
        )
        .arg(
            (Arg::new("rounds").long("rounds").value_name("N"))
                .value_parser(value_parser!(usize))
                .help("Rounds of each work at most [default: 21, with --quick 3]"),
        )
        .arg(flag("quick").help("Little of everything, to see that it runs: no figures to quote"))
        .arg(flag("list").help("Only say what would be measured"))
        .arg(flag("check").help("Exit with 1 if a floor is not met"))
        .arg(flag("bench").hide(true).help("What `cargo bench` adds"))
}

fn wanted(work: &Work, arguments: &ArgMatches) -> bool {
    let names = || work.figures.iter().map(|figure| &figure.name);
    let parts = arguments.get_many::<String>("figures");
    parts.is_none_or(|mut parts| parts.any(|part| names().any(|name| name.contains(part.as_str()))))
}

fn list(work: &Work) {
    let names: Vec<_> = work
        .figures
        .iter()
        .map(|figure| figure.name.as_str())
        .collect();
    println!("{:<60} {}", names.join(", "), work.what);
}

/// Measures, prints, and says whether every floor was met.
fn run(works: impl Iterator<Item = Work>, arguments: &ArgMatches) -> bool {
    let start = Instant::now();
    println!("{}", machine::describe());
    let quick = arguments.get_flag("quick");
    let rounds = arguments.get_one("rounds").copied();
    let rounds: usize = rounds.unwrap_or(if quick { 3 } else { 21 });
    let warm_up = if quick { 1 } else { 3 };
    let mut judged = Vec::new();
    let mut growth = Vec::new();
    for work in works {
        let rounds = rounds.clamp(1, work.rounds);
        let warm_up = warm_up.min(rounds - 1);
        let times = if rounds == 1 {
            "once".into()
        } else {
            format!("{rounds} rounds")
        };
        println!("\n{} ({times})", work.what);
        io::stdout().flush().expect("standard output is open");
        let results = rounds::run((work.contestants)(), work.figures.len(), warm_up, rounds);
        let names: Vec<_> = work.figures.iter().map(|it| it.name.as_str()).collect();
        println!("  {}", names.join(", "));
        let columns: Vec<_> = (work.figures.iter())
            .zip(results.iter().map(Vec::as_slice))
            .collect();
        print!("{}", table::of_contestants(&columns));
        for (figure, measured) in work.figures.iter().zip(results) {
            let claims = figure.claims.iter();
            judged.extend(
                claims.filter_map(|&claim| {
                    Judged::new(&figure.name, claim, figure.better, &measured)
                }),
            );
            growth.push((figure.name.clone(), measured));
        }
    }
    report(&judged, &growth);
    println!(
        "\n{:.0} s, {}",
        start.elapsed().as_secs_f64(),
        machine::load()
    );
    judged.iter().all(Judged::floor_met)
}

/// What the single tables amount to.
fn report(judged: &[Judged], growth: &[(String, Vec<Measured>)]) {
    for what in ["growth_tasks_", "growth_connections_"] {
        let columns: Vec<_> = (growth.iter())
            .filter_map(|(name, measured)| Some((name.strip_prefix(what)?, measured.as_slice())))
            .filter(|(count, _)| count.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        if !columns.is_empty() {
            println!("\n{what}…: medians");
            print!("{}", table::of_growth(&columns));
        }
    }
    if !judged.is_empty() {
        let met = judged.iter().filter(|it| it.floor_met()).count();
        println!("\nHow many times as good, and whether that is enough");
        print!("{}", table::of_claims(judged));
        println!("{met} of {} floors are met.", judged.len());
    }
}
