//! Tasks alone: spawn, chain, yield, ping and pong, on one thread and on a pool of two.

use super::{Figure, Size, Work, side_by_side};
use crate::ping_pong::{AsyncChannel, ping_pong, ping_pong_own};
use crate::runtimes::{
    Book, LocalPool, Ours, OursIo, OursPool, Smol, SmolPool, Tokio, TokioIo, TokioPool,
};
use crate::spawn::{chained_spawn, spawn_many};
use crate::table::Better;
use crate::yielding::yield_many;

/// How much of each is done.
struct Amounts {
    tasks: u64,
    yielding: u64,
    yields: u64,
    round_trips: u64,
}

impl Amounts {
    fn of(size: Size) -> Self {
        Self {
            tasks: size.of(100_000, 10_000, 20),
            yielding: size.of(1000, 100, 5),
            yields: size.of(500, 100, 3),
            round_trips: size.of(50_000, 5000, 10),
        }
    }
}

/// Beside tokio's `current_thread`. Those with sockets and timers have their turn in the same rounds.
pub(super) fn on_one_thread(size: Size) -> Vec<Work> {
    let Amounts {
        tasks,
        yielding,
        yields,
        round_trips,
    } = Amounts::of(size);
    macro_rules! all {
        ($operations:expr, $run:expr) => {
            Box::new(move || {
                side_by_side!(
                    [Tokio, Ours, Smol, LocalPool, Book, TokioIo, OursIo],
                    $operations,
                    $run
                )
            })
        };
    }
    vec![
        work(
            "spawn_many",
            format!("one task spawns {tasks} and awaits their handles"),
            "ns a task",
            all!(tasks, |runtime| spawn_many(runtime, tasks)),
        ),
        work(
            "chained_spawn",
            format!("{tasks} tasks, each spawned by the one before"),
            "ns a task",
            all!(tasks, |runtime| chained_spawn(runtime, tasks)),
        ),
        work(
            "yield_many",
            format!("{yielding} tasks yield {yields} times each"),
            "ns a yield",
            all!(yielding * yields, |runtime| yield_many(
                runtime, yielding, yields
            )),
        ),
        work(
            "ping_pong",
            format!("{round_trips} round trips between two tasks, channels of capacity 1"),
            "ns a message",
            all!(2 * round_trips, |runtime| ping_pong::<_, AsyncChannel>(
                runtime,
                round_trips
            )),
        ),
        work(
            "ping_pong_own",
            format!(
                "{round_trips} round trips, and each runtime has its own channel of capacity 1"
            ),
            "ns a message",
            Box::new(move || {
                side_by_side!(
                    [Tokio, Ours, Smol, TokioIo, OursIo],
                    2 * round_trips,
                    |runtime| ping_pong_own(runtime, round_trips)
                )
            }),
        ),
    ]
}

/// Beside tokio's `multi_thread` with as many workers.
pub(super) fn on_a_pool(size: Size) -> Vec<Work> {
    let Amounts {
        tasks,
        yielding,
        yields,
        round_trips,
    } = Amounts::of(size);
    macro_rules! all {
        ($operations:expr, $run:expr) => {
            Box::new(move || side_by_side!([TokioPool, OursPool, SmolPool], $operations, $run))
        };
    }
    vec![
        work(
            "pool_spawn_many",
            format!("2 workers; one task spawns {tasks} and awaits their handles"),
            "ns a task",
            all!(tasks, |runtime| spawn_many(runtime, tasks)),
        ),
        work(
            "pool_chained_spawn",
            format!("2 workers; {tasks} tasks, each spawned by the one before"),
            "ns a task",
            all!(tasks, |runtime| chained_spawn(runtime, tasks)),
        ),
        work(
            "pool_yield_many",
            format!("2 workers; {yielding} tasks yield {yields} times each"),
            "ns a yield",
            all!(yielding * yields, |runtime| yield_many(
                runtime, yielding, yields
            )),
        ),
        work(
            "pool_ping_pong",
            format!("2 workers; {round_trips} round trips, channels of capacity 1"),
            "ns a message",
            all!(2 * round_trips, |runtime| ping_pong::<_, AsyncChannel>(
                runtime,
                round_trips
            )),
        ),
        work(
            "pool_ping_pong_own",
            format!(
                "2 workers; {round_trips} round trips, each with its own channel of capacity 1"
            ),
            "ns a message",
            all!(2 * round_trips, |runtime| ping_pong_own(
                runtime,
                round_trips
            )),
        ),
    ]
}

fn work(
    name: &str,
    what: String,
    unit: &'static str,
    contestants: Box<dyn FnOnce() -> Vec<crate::rounds::Contestant>>,
) -> Work {
    Work {
        what,
        figures: vec![Figure::new(name, unit, Better::Less)],
        rounds: usize::MAX,
        contestants,
    }
}
