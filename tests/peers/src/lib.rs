//! Async by Hand beside the runtimes that others wrote.
//!
//! Three programs: `cargo bench -p peers --bench runtime` (the same work on every runtime, side by side),
//! `cargo bench -p peers --bench costs` (processes, threads, task pools and tasks), and
//! `cargo bench -p peers --bench http` (hyper on ours and on tokio's). What they run
//! lies here, so that `cargo test -p peers` can run it too, and check that it does what it measures.
//!
//! What is fair, and how:
//!
//! - One process, one allocator, the release profile. Rounds go round: in each, every runtime has its
//!   turn once, and each round begins with another one ([`rounds`]). The first rounds do not count.
//! - A ratio is taken within a round, then the median of the ratios. Its spread is printed beside it.
//! - tokio runs with its default settings: its budget for cooperative scheduling counts a poll of a
//!   `JoinHandle`, of a socket and of a `Sleep`. The one exception is [`timers`], and says so.
//! - The echo client is a process of its own. It tells the server's process when it begins and ends to
//!   count, so that what a message costs the server is that of the same time, and without the connects.
//! - All yield with the same future ([`yield_once`]) and speak through the same channel
//!   (`async-channel`), so that the executors are compared and not their accessories. The exception
//!   says `own`: there each runtime speaks through the channel that comes with it.
//! - Whoever has no reactor has no sockets and no timers, and is missing in those tables.
//! - What has to be reached is in one table: `works/goals.rs`. The one goal of `http` is in its program.
//!
//! On a machine that others use, two threads seldom have two cores, and a pool that shares one core is
//! another pool. `nice` helps little where each session has its share (Linux with `autogroup`). There,
//! `chrt -r 1 cargo bench …` runs before all others: for minutes, and with nobody waiting.

pub mod child;
pub mod costs;
pub mod counting;
pub mod echo;
pub mod http;
pub mod hyper_io;
pub mod hyper_server;
pub mod machine;
pub mod memory;
pub mod ping_pong;
pub mod rounds;
pub mod runtimes;
pub mod spawn;
pub mod statistics;
pub mod table;
pub mod timers;
pub mod works;
pub mod yield_once;
pub mod yielding;
