//! tokio: one thread, or a pool.

use std::time::Instant;

use tokio::runtime::{Builder, Runtime as Inner};
use tokio::task::{self, JoinHandle};
use tokio::time::{self, Sleep};

use super::{Expected, Runtime, Timers, WORKERS};

/// `current_thread` without sockets and timers, as the executors beside it have none.
#[derive(Debug)]
pub struct Tokio(Inner);

impl Runtime for Tokio {
    const NAME: &'static str = "tokio current_thread";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        let inner = Builder::new_current_thread().build();
        Self(inner.expect("nothing of the system is asked for"))
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.block_on(main)
    }

    fn spawn<F>(future: F) -> Self::Handle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Expected(tokio::spawn(future))
    }
}

/// `current_thread`, everything enabled, as `#[tokio::main(flavor = "current_thread")]` has it.
#[derive(Debug)]
pub struct TokioIo(Inner);

impl Runtime for TokioIo {
    const NAME: &'static str = "tokio current_thread, I/O on";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        let inner = Builder::new_current_thread().enable_all().build();
        Self(inner.expect("the system has a selector left"))
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.block_on(main)
    }

    fn spawn<F>(future: F) -> Self::Handle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Expected(tokio::spawn(future))
    }
}

impl Timers for TokioIo {
    type Sleep = Sleep;

    fn sleep_until(deadline: Instant) -> Sleep {
        time::sleep_until(deadline.into())
    }

    fn run_unlimited<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.block_on(task::unconstrained(main))
    }
}

/// `multi_thread` with [`WORKERS`] workers, without sockets and timers.
#[derive(Debug)]
pub struct TokioPool(Inner);

impl Runtime for TokioPool {
    const NAME: &'static str = "tokio multi_thread, 2 workers";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        let mut builder = Builder::new_multi_thread();
        let inner = builder.worker_threads(WORKERS).build();
        Self(inner.expect("the system has threads left"))
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let main = self.0.spawn(main);
        self.0.block_on(Expected(main))
    }

    fn spawn<F>(future: F) -> Self::Handle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Expected(tokio::spawn(future))
    }
}
