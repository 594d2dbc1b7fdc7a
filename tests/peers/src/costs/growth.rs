//! How much memory one more takes, and how many there can be.
//!
//! Each kind grows in a process of its own, so that what stops it stops nothing else.

use std::fs;
use std::io;

use super::record::OWN_BOUND;
use super::{jobs, processes, tasks, threads};
use crate::child::Again;
use crate::memory::resident;
use crate::runtimes::{Ours, Runtime};

/// Why there are no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped(pub String);

impl Stopped {
    /// By the operating system, in its words.
    pub(super) fn by(error: &io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown {
    /// Bytes of resident memory for one more.
    pub memory: Option<f64>,
    /// Bytes of kernel stacks and page tables for one more, in the whole system.
    pub kernel: Option<f64>,
    /// How many there were in the end.
    pub most: usize,
    /// Why not more.
    pub stopped: String,
}

/// Measures between a tenth of `counted` and `counted`, then grows up to `most`.
pub fn ask(kind: &str, counted: usize, most: usize) -> io::Result<Grown> {
    let arguments = ["grow", kind, &counted.to_string(), &most.to_string()];
    let line = Again::start(&arguments)?.hear()?;
    let mut words = line.splitn(4, '\t');
    let mut next = || words.next().ok_or_else(|| io::Error::other(line.clone()));
    Ok(Grown {
        memory: next()?.parse().ok(),
        kernel: next()?.parse().ok(),
        most: next()?.parse().map_err(io::Error::other)?,
        stopped: next()?.to_owned(),
    })
}

/// The process that [`ask`] started.
pub fn main(arguments: &[String]) -> io::Result<()> {
    let [kind, counted, most] = arguments else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let counted = counted.parse().map_err(io::Error::other)?;
    let most = most.parse().map_err(io::Error::other)?;
    let _raised = rlimit::increase_nofile_limit(u64::MAX);
    let grown = match kind.as_str() {
        "process" => of_processes(counted, most),
        "thread" => of_threads(counted, most),
        "job in a pool" => of_jobs(counted, most),
        "task" => of_tasks(counted, most),
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    };
    let number = |it: Option<f64>| it.map_or("-".to_owned(), |it| it.to_string());
    let (memory, kernel) = (number(grown.memory), number(grown.kernel));
    println!("{memory}\t{kernel}\t{}\t{}", grown.most, grown.stopped);
    Ok(())
}

fn of_processes(counted: usize, most: usize) -> Grown {
    let mut all = Vec::new();
    // Shared pages count for all who share them, divided by their number.
    let look = |all: &[Again]| {
        all.iter()
            .map(|it| proportional(it.id()))
            .sum::<Option<usize>>()
    };
    let mut stopped = processes::idle(counted / 10, &mut all).err();
    let before = (all.len(), look(&all), kernel());
    stopped = stopped.or_else(|| processes::idle(counted, &mut all).err());
    let after = (all.len(), look(&all), kernel());
    stopped = stopped.or_else(|| processes::idle(most, &mut all).err());
    grown(before, after, all.len(), stopped)
}

fn of_threads(counted: usize, most: usize) -> Grown {
    let mut all = threads::Idle::default();
    let mut stopped = all.grow(counted / 10).err();
    let before = (all.count(), known(resident()), kernel());
    stopped = stopped.or_else(|| all.grow(counted).err());
    let after = (all.count(), known(resident()), kernel());
    stopped = stopped.or_else(|| all.grow(most).err());
    grown(before, after, all.count(), stopped)
}

fn of_jobs(counted: usize, most: usize) -> Grown {
    let mut all = jobs::Queued::new(most);
    all.grow(counted / 10);
    let before = (counted / 10, known(resident()), None);
    all.grow(counted);
    let after = (counted, known(resident()), None);
    all.grow(most);
    grown(before, after, most, None)
}

fn of_tasks(counted: usize, most: usize) -> Grown {
    Ours::new().run(async move {
        tasks::idle(counted as u64 / 10).await;
        let before = (counted / 10, known(resident()), None);
        tasks::idle((counted - counted / 10) as u64).await;
        let after = (counted, known(resident()), None);
        tasks::idle(most.saturating_sub(counted) as u64).await;
        grown(before, after, most.max(counted), None)
    })
}

/// How many there were, and how much memory: of the process (or processes), and of the kernel.
type Seen = (usize, Option<usize>, Option<usize>);

fn grown(before: Seen, after: Seen, most: usize, stopped: Option<Stopped>) -> Grown {
    let slope = |before: Option<usize>, after: Option<usize>, count: usize| {
        let grown = after?.checked_signed_diff(before?)?;
        (count > 0).then(|| grown as f64 / count as f64)
    };
    let count = after.0 - before.0;
    let stopped = stopped.map(|Stopped(words)| words);
    Grown {
        memory: slope(before.1, after.1, count),
        kernel: slope(before.2, after.2, count),
        most,
        stopped: stopped.unwrap_or_else(|| OWN_BOUND.into()),
    }
}

fn known(bytes: usize) -> Option<usize> {
    (bytes > 0).then_some(bytes)
}

/// A process's share of the pages it uses.
fn proportional(process: u32) -> Option<usize> {
    field(&format!("/proc/{process}/smaps_rollup"), "Pss:")
}

fn kernel() -> Option<usize> {
    Some(field("/proc/meminfo", "KernelStack:")? + field("/proc/meminfo", "PageTables:")?)
}

/// Bytes of a line that counts kilobytes.
fn field(file: &str, name: &str) -> Option<usize> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: usize = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
