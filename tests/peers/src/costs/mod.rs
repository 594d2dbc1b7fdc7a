//! What it costs to do things at once: by processes, threads, jobs for a pool of threads, and tasks.
//!
//! - **create**: made, run with nothing to do, ended and awaited; many at a time, divided by their
//!   number.
//! - **switch**: two of them hand the turn to each other, everything on one core where the system lets
//!   a process choose. Half a round trip, in processor time: one of the two always runs or wants to,
//!   and what others do on that core does not count.
//! - **memory**: how much faster the resident set grows than the number of idle ones (not their
//!   virtual size: a thread reserves megabytes and touches kilobytes); and beside it what the kernel's
//!   stacks and page tables grow by, which the resident set does not hold.
//! - **most**: how many there can be at once, and what stopped it.

pub mod growth;
pub mod jobs;
pub mod limits;
pub mod measuring;
pub mod one_core;
pub mod plot;
pub mod processes;
pub mod record;
pub mod ring;
pub mod tasks;
pub mod threads;

/// The four, as the table and the picture name them.
pub const KINDS: [&str; 4] = ["process", "thread", "job in a pool", "task"];
