//! Memory: idle tasks, a million of them, idle connections.

use std::io;

use super::{Figure, Size, Work};
use crate::echo::{MioLoop, Server};
use crate::memory::{self, Each};
use crate::rounds::Contestant;
use crate::runtimes::{Book, LocalPool, Ours, OursIo, Runtime, Smol, Tokio, TokioIo};
use crate::table::Better;

/// Calls a macro with every runtime that the tasks of are counted.
macro_rules! each_runtime {
    ($call:ident) => {
        $call!(Tokio, Ours, Smol, LocalPool, Book, TokioIo, OursIo)
    };
}

/// Calls a macro with every server that the connections of are counted.
macro_rules! each_server {
    ($call:ident) => {
        $call!(TokioIo, OursIo, Smol, MioLoop)
    };
}

pub(super) fn works(size: Size) -> Vec<Work> {
    if size == Size::Tiny {
        // Needs processes of its own, which a test cannot start; its parts have tests of their own.
        return Vec::new();
    }
    let tasks = size.of(100_000, 10_000, 0);
    let million = size.of(1_000_000, 100_000, 0);
    let connections = size.of(10_000, 1000, 0);
    vec![
        work(
            "memory_task",
            format!("each of {tasks} idle tasks"),
            tasks,
            of_tasks,
        ),
        work(
            "memory_million",
            format!("each of {million} idle tasks"),
            million,
            of_tasks,
        ),
        work(
            "memory_connection",
            format!(
                "each of {connections} idle connections, with its task and a buffer of 64 bytes"
            ),
            connections,
            of_connections,
        ),
    ]
}

fn work(name: &str, what: String, count: u64, contestants: fn(u64) -> Vec<Contestant>) -> Work {
    Work {
        what,
        figures: vec![
            Figure::new(name, "bytes", Better::Less),
            Figure::new(format!("{name}_resident"), "bytes of RSS", Better::Less),
        ],
        rounds: 1,
        contestants: Box::new(move || contestants(count)),
    }
}

fn of_tasks(count: u64) -> Vec<Contestant> {
    macro_rules! contestants {
        ($($runtime:ty),+) => { vec![$(contestant("tasks", <$runtime>::NAME, count)),+] };
    }
    each_runtime!(contestants)
}

fn of_connections(count: u64) -> Vec<Contestant> {
    macro_rules! contestants {
        ($($server:ty),+) => { vec![$(contestant("connections", <$server>::SERVER, count)),+] };
    }
    each_server!(contestants)
}

fn contestant(what: &'static str, name: &'static str, count: u64) -> Contestant {
    Contestant::new(name, move || {
        let each = Each::ask(&["memory", what, name, &count.to_string()]);
        let Each { bytes, resident } = each.expect("a process that measures itself");
        vec![bytes, resident]
    })
}

/// The process that [`contestant`] started.
pub(super) fn main(arguments: &[String]) -> io::Result<()> {
    let [what, name, count] = arguments else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let count: u64 = count.parse().map_err(io::Error::other)?;
    macro_rules! tasks {
        ($($runtime:ty),+) => {
            $(if what == "tasks" && name == <$runtime>::NAME {
                memory::tasks_main::<$runtime>(count);
                return Ok(());
            })+
        };
    }
    each_runtime!(tasks);
    macro_rules! connections {
        ($($server:ty),+) => {
            $(if what == "connections" && name == <$server>::SERVER {
                return memory::connections_main::<$server>(count as usize);
            })+
        };
    }
    each_server!(connections);
    Err(io::ErrorKind::InvalidInput.into())
}
