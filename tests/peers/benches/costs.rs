//! Processes, threads, jobs and tasks: `cargo bench -p peers --bench costs`.
//!
//! Behind `--`: `--plot FILE.svg` writes the picture, and beside it `FILE.txt` with what is printed;
//! `--from FILE.txt` draws it again from such a file and measures nothing. The bounds of the growth:
//! `--most-processes`, `--most-threads`, `--most-tasks`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use peers::costs::record::{self, Row, Table};
use peers::costs::ring::Ring;
use peers::costs::{KINDS, growth, jobs, limits, one_core, plot, processes, tasks, threads};
use peers::rounds::{self, Contestant, Measured};
use peers::statistics::Quartiles;
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
    fs::write(&picture, plot::svg(&record::parse(&text)?)?)?;
    fs::write(picture.with_extension("txt"), text)?;
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
    let quick = arguments.get_flag("quick");
    let rounds = if quick {
        3
    } else {
        arguments.get_one("rounds").copied().unwrap_or(1)
    };
    let mut text = String::new();
    let mut print = |part: &str| {
        println!("{part}");
        text.push_str(part);
        text.push('\n');
    };
    print(&this_command());
    print(&machine::describe());
    let pinned = if one_core::POSSIBLE {
        "on one core"
    } else {
        "on all cores: none can be chosen here"
    };
    print(&format!(
        "Medians and quartiles of {rounds} rounds. Switches: {pinned}."
    ));
    print("");
    let [create, switch] = times(rounds, if quick { 10 } else { 1 });
    let mut rows = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        rows.push(row(kind, &create[index], &switch[index], arguments)?);
    }
    print(&Table(&rows).to_string());
    print(&notes());
    print("");
    print(&ring(rounds, if quick { 20 } else { 400 })?);
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

/// Nanoseconds to create and to switch, of each kind.
fn times(rounds: usize, divide: u32) -> [Vec<Measured>; 2] {
    let per = |time: Duration, count: u32| time.as_secs_f64() * 1e9 / f64::from(count);
    let single = |time: Duration| time.as_secs_f64() * 1e9;
    let pool = jobs::pool();
    let contestants = vec![
        Contestant::new(KINDS[0], move || {
            let count = 40 / divide;
            let switch = one_core::run(|| processes::switch(2000 / divide));
            vec![
                per(processes::create(count as usize), count),
                single(switch),
            ]
        }),
        Contestant::new(KINDS[1], move || {
            let count = 500 / divide;
            let switch = one_core::run(|| threads::switch(5000 / divide));
            vec![per(threads::create(count as usize), count), single(switch)]
        }),
        Contestant::new(KINDS[2], move || {
            let count = 50_000 / divide;
            let switch = one_core::run(|| jobs::switch(50_000 / divide));
            vec![
                per(jobs::create(&pool, count as usize), count),
                single(switch),
            ]
        }),
        Contestant::new(KINDS[3], move || {
            let count = 100_000 / divide;
            let switch = one_core::run(|| tasks::switch(200_000 / divide));
            vec![per(tasks::create(u64::from(count)), count), single(switch)]
        }),
    ];
    let measured = rounds::run(contestants, 2, 1, rounds);
    measured.try_into().expect("two figures")
}

/// The growth of one kind, beside its times.
fn row(kind: &str, create: &Measured, switch: &Measured, arguments: &ArgMatches) -> Result<Row> {
    let most = |name| arguments.get_one::<usize>(name).copied().unwrap_or(1);
    let (counted, most) = match kind {
        "process" => (100, most("most-processes")),
        "thread" => (2000, most("most-threads")),
        _ => (1_000_000, most("most-tasks")),
    };
    let grown = growth::ask(kind, counted.min(most), most)?;
    Ok(Row {
        kind: kind.into(),
        create: create.quartiles(),
        switch: switch.quartiles(),
        memory: grown.memory,
        kernel: grown.kernel,
        most: grown.most,
        stopped: grown.stopped,
    })
}

/// What has to be known to read the table.
fn notes() -> String {
    let mut text = "\
memory: how much faster the resident set grows than the number of idle ones (of processes: each one's
share of the pages). kernel: the same of kernel stacks and page tables, in the whole system.
switch: processor time; processes by a pipe, threads by park and unpark, tasks by their wakers, half
a round trip; a job cannot wait: from one job to the next. Limits here:\n"
        .to_owned();
    for (name, value) in limits::list() {
        writeln!(text, "  {name:<46} {value}").expect("a string takes everything");
    }
    text
}

/// Where threads are no slower.
fn ring(rounds: usize, turns: usize) -> Result<String> {
    const MEMBERS: usize = 50;

    let one = Ring {
        members: MEMBERS,
        bytes: 1,
        rounds: turns,
    };
    let many = Ring {
        members: MEMBERS,
        bytes: MEMBERS,
        rounds: turns / 10,
    };
    let names = ["threads", "tasks on tokio", "tasks on ours"];
    let go: [fn(Ring) -> std::io::Result<Duration>; 3] =
        [Ring::of_threads, Ring::of_tokio_tasks, Ring::of_our_tasks];
    let contestants = names.into_iter().zip(go).map(|(name, go)| {
        Contestant::new(name, move || {
            let step = |ring: Ring| {
                let time = one_core::run(|| go(ring)).expect("sockets on this machine");
                time.as_secs_f64() * 1e9 / ring.steps() as f64
            };
            vec![step(one), step(many)]
        })
    });
    let measured = rounds::run(contestants.collect(), 2, 1, rounds);
    let quartiles =
        |figure: &[Measured]| figure.iter().map(Measured::quartiles).collect::<Vec<_>>();
    let (one, many): (Vec<Quartiles>, Vec<_>) = (quartiles(&measured[0]), quartiles(&measured[1]));
    let rows: Vec<_> = (names.into_iter().zip(one).zip(many))
        .map(|((name, one), many)| (name, one, many))
        .collect();
    let what = format!(
        "The counter-case: bytes go round a ring of {MEMBERS} members by TCP, all on one core;\n\
         one byte on the way, or {MEMBERS} at once.\n"
    );
    Ok(what + &record::of_ring(&rows))
}
