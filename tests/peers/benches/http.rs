//! hyper on this course's runtime and on tokio's: `cargo bench -p peers --bench http`.
//!
//! Behind `--`: `--rounds N`, `--quick`, `--check` (the exit status says whether the floor is met). The
//! whole takes about a minute. hyper on ours has to answer at least as many requests a second as hyper on
//! tokio, with 50 connections and with 500.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, Command, value_parser};

use peers::echo::{Load, Server};
use peers::http::{self, HyperOnOurs, HyperOnTokio, Own};
use peers::rounds::{self, Contestant};
use peers::table::{self, Better, Claim, Judged};
use peers::works::Figure;
use peers::{child, machine};

fn main() -> ExitCode {
    if let Some(arguments) = child::arguments() {
        return match arguments.split_first() {
            Some((word, rest)) if word == http::CLIENT => match http::client::main(rest) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("the client: {error}");
                    ExitCode::FAILURE
                }
            },
            _ => ExitCode::FAILURE,
        };
    }
    let flag = |name| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let rounds = Arg::new("rounds").long("rounds").value_name("N");
    let arguments = Command::new("http")
        .about("hyper on two runtimes, side by side")
        .arg(
            (rounds.value_parser(value_parser!(usize)))
                .help("Rounds [default: 21, with --quick 3]"),
        )
        .arg(flag("quick").help("Little, to see that it runs: no figures to quote"))
        .arg(flag("check").help("Exit with 1 if a floor is not met"))
        .arg(flag("bench").hide(true).help("What `cargo bench` adds"))
        .get_matches();
    let quick = arguments.get_flag("quick");
    let rounds = arguments.get_one("rounds").copied();
    let rounds: usize = rounds.unwrap_or(if quick { 3 } else { 21 }).max(1);
    println!("{}", machine::describe());
    let judged: Vec<Judged> = [50, 500]
        .into_iter()
        .flat_map(|connections| measure(connections, rounds, quick))
        .collect();
    println!("\n{}", table::of_claims(&judged));
    println!("{}", machine::load());
    let met = judged.iter().all(Judged::floor_met);
    ExitCode::from(u8::from(arguments.get_flag("check") && !met))
}

/// Measures and prints one load, and holds it against what is claimed.
fn measure(connections: usize, rounds: usize, quick: bool) -> Vec<Judged> {
    let load = Load {
        connections,
        active: connections,
        warm_up: Duration::from_millis(if quick { 20 } else { 100 }),
        measured: Duration::from_millis(if quick { 100 } else { 400 }),
    };
    let figures = [
        Figure::new(format!("http_{connections}"), "a second", Better::More),
        Figure::new(
            format!("http_{connections}_server"),
            "ns of CPU",
            Better::Less,
        ),
    ];
    println!("\nHTTP, {connections} connections, one request in flight on each ({rounds} rounds)");
    let contestants = vec![
        contestant::<HyperOnTokio>(load),
        contestant::<HyperOnOurs>(load),
        contestant::<Own>(load),
    ];
    let warm_up = if quick { 1 } else { 3 };
    let measured = rounds::run(contestants, figures.len(), warm_up, rounds);
    let columns: Vec<_> = (figures.iter())
        .zip(measured.iter().map(Vec::as_slice))
        .collect();
    print!("{}", table::of_contestants(&columns));
    let claim = Claim {
        who: HyperOnOurs::SERVER,
        against: HyperOnTokio::SERVER,
        floor: 1.0,
        aim: 1.05,
    };
    (columns.into_iter())
        .filter_map(|(figure, measured)| Judged::new(&figure.name, claim, figure.better, measured))
        .collect()
}

fn contestant<S: Server>(load: Load) -> Contestant {
    let mut server = S::start();
    Contestant::new(S::SERVER, move || {
        let measured = http::measure(&mut server, load).expect("the server serves");
        vec![measured.rate, measured.server_time.as_nanos() as f64]
    })
}
