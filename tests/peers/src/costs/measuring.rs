//! All that goes into the text: the table of the four kinds, and that of the counter-case.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use super::record::{self, Row, Table};
use super::ring::Ring;
use super::{KINDS, growth, jobs, limits, one_core, processes, tasks, threads};
use crate::rounds::{self, Contestant, Measured};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amounts {
    /// Little of everything, to see that it runs.
    pub quick: bool,
    /// Rounds of what is timed.
    pub rounds: usize,
    /// Where the growth of processes ends.
    pub processes: usize,
    /// Where the growth of threads ends.
    pub threads: usize,
    /// Where the growth of jobs and tasks ends.
    pub tasks: usize,
}

/// The four kinds, and what has to be known to read them.
pub fn table(amounts: &Amounts) -> io::Result<String> {
    let pinned = match one_core::POSSIBLE {
        true => "on one core",
        false => "on all cores: none can be chosen here",
    };
    let rounds = amounts.rounds;
    let mut text = format!("Medians and quartiles of {rounds} rounds. Switches: {pinned}.\n\n");
    let [create, switch] = times(rounds, if amounts.quick { 10 } else { 1 });
    let mut rows = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        rows.push(row(kind, &create[index], &switch[index], amounts)?);
    }
    writeln!(text, "{}\n{}", Table(&rows), notes()).expect("a string takes everything");
    Ok(text)
}

/// Nanoseconds to create and to switch, of each kind.
fn times(rounds: usize, divide: u32) -> [Vec<Measured>; 2] {
    let pool = jobs::pool();
    let contestants = vec![
        contestant(KINDS[0], 40 / divide, processes::create, move || {
            processes::switch(2000 / divide)
        }),
        contestant(KINDS[1], 500 / divide, threads::create, move || {
            threads::switch(5000 / divide)
        }),
        contestant(
            KINDS[2],
            50_000 / divide,
            move |count| jobs::create(&pool, count),
            move || jobs::switch(50_000 / divide),
        ),
        contestant(KINDS[3], 100_000 / divide, tasks::create, move || {
            tasks::switch(200_000 / divide)
        }),
    ];
    let measured = rounds::run(contestants, 2, 1, rounds);
    measured.try_into().expect("two figures")
}

/// One kind: `create` makes so many, and `switch` gives the time of one switch.
fn contestant(
    kind: &'static str,
    count: u32,
    create: impl Fn(usize) -> Duration + 'static,
    switch: impl Fn() -> Duration + Send + Sync + 'static,
) -> Contestant {
    let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9;
    Contestant::new(kind, move || {
        let created = nanoseconds(create(count as usize)) / f64::from(count);
        vec![created, nanoseconds(one_core::run(&switch))]
    })
}

/// The growth of one kind, beside its times.
fn row(kind: &str, create: &Measured, switch: &Measured, amounts: &Amounts) -> io::Result<Row> {
    let (counted, most) = match kind {
        "process" => (100, amounts.processes),
        "thread" => (2000, amounts.threads),
        _ => (1_000_000, amounts.tasks),
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

/// The counter-case: where threads are hardly slower.
#[must_use]
pub fn ring(amounts: &Amounts) -> String {
    const MEMBERS: usize = 50;

    let turns = if amounts.quick { 20 } else { 400 };
    let ring = |bytes, rounds| Ring {
        members: MEMBERS,
        bytes,
        rounds,
    };
    let (one, many) = (ring(1, turns), ring(MEMBERS, turns / 10));
    let contestant = |name, go: fn(Ring) -> io::Result<Duration>| {
        Contestant::new(name, move || {
            let step = |ring: Ring| {
                let time = one_core::run(|| go(ring)).expect("sockets on this machine");
                time.as_secs_f64() * 1e9 / ring.steps() as f64
            };
            vec![step(one), step(many)]
        })
    };
    let contestants = vec![
        contestant("threads", Ring::of_threads),
        contestant("tasks on tokio", Ring::of_tokio_tasks),
        contestant("tasks on ours", Ring::of_our_tasks),
    ];
    let measured = rounds::run(contestants, 2, 1, amounts.rounds);
    let rows: Vec<_> = (measured[0].iter().zip(&measured[1]))
        .map(|(one, many)| (one.name, one.quartiles(), many.quartiles()))
        .collect();
    let what = format!(
        "The counter-case: bytes go round a ring of {MEMBERS} members by TCP, all on one core;\n\
         one byte on the way, or {MEMBERS} at once.\n"
    );
    what + &record::of_ring(&rows)
}
