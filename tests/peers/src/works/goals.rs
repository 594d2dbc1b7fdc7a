//! What has to be reached: the floor and the aim of every figure that has them.

use crate::echo::{MioLoop, Server};
use crate::runtimes::{Ours, OursIo, OursPool, Runtime, Tokio, TokioIo, TokioPool};
use crate::table::Claim;

/// Who has to, and against whom.
type Pair = (&'static str, &'static str);

/// One thread. With sockets and timers the same holds as without.
const ONE_THREAD: &[Pair] = &[(Ours::NAME, Tokio::NAME), WITH_IO];
const POOL: &[Pair] = &[(OursPool::NAME, TokioPool::NAME)];
const TIMERS: &[Pair] = &[WITH_IO];
const ECHO: &[Pair] = &[(OursIo::SERVER, MioLoop::SERVER), WITH_IO];
const WITH_IO: Pair = (OursIo::NAME, TokioIo::NAME);

/// Figure, pairs, and how many times as good: the floor, and the aim.
const GOALS: &[(&str, &[Pair], f64, f64)] = &[
    ("spawn_many", ONE_THREAD, 2.0, 2.5),
    ("chained_spawn", ONE_THREAD, 2.0, 2.5),
    ("yield_many", ONE_THREAD, 1.2, 1.5),
    ("ping_pong", ONE_THREAD, 1.0, 1.1),
    ("ping_pong_own", ONE_THREAD, 1.3, 1.5),
    ("pool_spawn_many", POOL, 1.0, 1.2),
    ("pool_chained_spawn", POOL, 1.0, 1.2),
    ("pool_yield_many", POOL, 1.0, 1.2),
    ("pool_ping_pong", POOL, 1.0, 1.2),
    ("echo_50", ECHO, 0.95, 0.98),
    ("echo_50_server", ECHO, 0.95, 0.98),
    ("echo_500", ECHO, 0.95, 0.98),
    ("echo_500_server", ECHO, 0.95, 0.98),
    ("timers_create", TIMERS, 1.0, 1.5),
    ("timers_cancel", TIMERS, 1.0, 1.5),
    ("timers_fire", TIMERS, 1.0, 1.5),
    ("memory_task", ONE_THREAD, 1.0, 2.0),
    ("memory_task_resident", ONE_THREAD, 1.0, 2.0),
    ("memory_million", ONE_THREAD, 1.0, 2.0),
    ("memory_million_resident", ONE_THREAD, 1.0, 2.0),
    ("memory_connection", &[WITH_IO], 1.0, 2.0),
    ("memory_connection_resident", &[WITH_IO], 1.0, 2.0),
];

/// What is claimed of one figure: of most of them nothing.
pub(super) fn of(figure: &str) -> Vec<Claim> {
    let goals = GOALS.iter().filter(|(name, ..)| *name == figure);
    let claims = goals.flat_map(|&(_, pairs, floor, aim)| {
        pairs.iter().map(move |&(who, against)| Claim {
            who,
            against,
            floor,
            aim,
        })
    });
    claims.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::works::{self, Size};

    #[test]
    fn every_goal_is_that_of_a_figure() {
        let figures = works::all(Size::Full)
            .into_iter()
            .flat_map(|work| work.figures);
        let names: Vec<String> = figures.map(|figure| figure.name).collect();
        for (name, ..) in GOALS {
            assert!(names.iter().any(|figure| figure == name), "{name}");
        }
    }
}
