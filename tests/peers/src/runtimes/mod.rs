//! What the benchmarks need of a runtime, and the runtimes.

use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

mod book;
mod local_pool;
mod ours;
mod smol;
mod tokio;

pub use book::Book;
pub use local_pool::LocalPool;
pub use ours::{Ours, OursIo, OursPool};
pub use smol::{Smol, SmolPool};
pub use tokio::{Tokio, TokioIo, TokioPool};

/// Threads of every pool.
pub const WORKERS: usize = 2;

/// Something that runs tasks.
pub trait Runtime: Sized + 'static {
    /// As the tables print it.
    const NAME: &'static str;

    /// What a spawned task gives: its output, or a panic.
    type Handle<T: Send + 'static>: Future<Output = T> + Send + 'static;

    /// A runtime without tasks.
    fn new() -> Self;

    /// Runs a future to its end: on this thread, or in a pool as a task like any other.
    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// Spawns a task from inside [`run`](Self::run).
    fn spawn<F>(future: F) -> Self::Handle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// Lets a task go on without its handle.
    fn detach<T: Send + 'static>(handle: Self::Handle<T>) {
        drop(handle);
    }
}

/// A runtime that has timers.
pub trait Timers: Runtime {
    /// Ready at an instant.
    type Sleep: Future + Send;

    /// A timer that nobody has polled yet.
    fn sleep_until(deadline: Instant) -> Self::Sleep;

    /// Runs `main` without a limit on how much it may do in one poll, where the runtime has such a
    /// limit.
    fn run_unlimited<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.run(main)
    }
}

/// A handle without its error: no task of a benchmark panics or is aborted.
#[derive(Debug)]
pub struct Expected<H>(pub H);

impl<T, E, H> Future for Expected<H>
where
    E: Debug,
    H: Future<Output = Result<T, E>> + Unpin,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let result = Pin::new(&mut self.0).poll(cx);
        result.map(|result| result.expect("no task of a benchmark panics or is aborted"))
    }
}
