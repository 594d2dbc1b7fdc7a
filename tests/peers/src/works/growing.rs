//! What one operation costs when there are many more of them.

use std::time::Duration;

use super::{Figure, Size, Work, echoing, side_by_side};
use crate::runtimes::{Book, LocalPool, Ours, Runtime, Smol, Tokio};
use crate::spawn::spawn_many;
use crate::table::Better;

/// Connections that have a message in flight, however many are silent beside them.
const ACTIVE: usize = 10;

pub(super) fn works(size: Size) -> Vec<Work> {
    let tasks: &[u64] = size.of(&[1000, 10_000, 100_000, 1_000_000], &[100, 1000], &[10]);
    let connections: &[usize] = size.of(&[10, 100, 1000, 10_000], &[10, 100], &[]);
    let tasks = tasks.iter().map(|&count| of_tasks(count));
    let connections = connections.iter().map(|&count| of_connections(size, count));
    tasks.chain(connections).collect()
}

fn of_tasks(count: u64) -> Work {
    // The small ones several times, so that each measurement takes some milliseconds.
    let times = (30_000 / count).max(1);
    Work {
        what: format!("one task spawns {count} and awaits their handles"),
        figures: vec![Figure::new(
            format!("growth_tasks_{count}"),
            "ns a task",
            Better::Less,
        )],
        rounds: if count < 1_000_000 { 11 } else { 5 },
        contestants: Box::new(move || {
            side_by_side!(
                [Tokio, Ours, Smol, LocalPool, Book],
                times * count,
                |runtime| repeat(runtime, times, count)
            )
        }),
    }
}

fn repeat<R: Runtime>(runtime: &mut R, times: u64, count: u64) -> Duration {
    (0..times).map(|_| spawn_many(runtime, count)).sum()
}

fn of_connections(size: Size, connections: usize) -> Work {
    echoing::work(
        format!("growth_connections_{connections}"),
        format!(
            "TCP echo on {ACTIVE} connections, and {} that are silent",
            connections - ACTIVE
        ),
        echoing::load(size, connections, ACTIVE),
        5,
        size,
    )
}
