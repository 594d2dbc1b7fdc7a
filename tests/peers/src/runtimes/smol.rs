//! smol: `async-executor` on `async-io`, on one thread or as a pool.

use std::thread::{self, JoinHandle};
use std::time::Instant;

use async_executor::{Executor, Task};
use async_io::{Timer, block_on};

use super::{Runtime, Timers, WORKERS};

/// The global executor, as the crate `smol` has one. Here one thread runs it.
static ONE: Executor<'static> = Executor::new();

/// A second one, for the pool: what is spawned there must not come to the thread above.
static POOL: Executor<'static> = Executor::new();

/// `async_io::block_on(executor.run(…))` on one thread.
#[derive(Debug)]
pub struct Smol;

impl Runtime for Smol {
    const NAME: &'static str = "async-executor";
    type Handle<T: Send + 'static> = Task<T>;

    fn new() -> Self {
        Self
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        block_on(ONE.run(main))
    }

    fn spawn<F>(future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        ONE.spawn(future)
    }

    fn detach<T: Send + 'static>(handle: Task<T>) {
        handle.detach();
    }
}

impl Timers for Smol {
    type Sleep = Timer;

    fn sleep_until(deadline: Instant) -> Timer {
        Timer::at(deadline)
    }
}

/// [`WORKERS`] threads that run the same executor.
#[derive(Debug)]
pub struct SmolPool {
    /// Closed, it ends the workers.
    stop: async_channel::Sender<()>,
    /// Joined, so that two pools in a row do not share the machine.
    workers: Vec<JoinHandle<()>>,
}

impl Runtime for SmolPool {
    const NAME: &'static str = "async-executor, 2 threads";
    type Handle<T: Send + 'static> = Task<T>;

    fn new() -> Self {
        let (stop, stopped) = async_channel::bounded::<()>(1);
        let worker = |_| {
            let stopped = stopped.clone();
            thread::spawn(move || {
                let _closed = block_on(POOL.run(stopped.recv()));
            })
        };
        let workers = (0..WORKERS).map(worker).collect();
        Self { stop, workers }
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        block_on(POOL.spawn(main))
    }

    fn spawn<F>(future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        POOL.spawn(future)
    }

    fn detach<T: Send + 'static>(handle: Task<T>) {
        handle.detach();
    }
}

impl Drop for SmolPool {
    fn drop(&mut self) {
        self.stop.close();
        for worker in self.workers.drain(..) {
            worker.join().expect("no task of a benchmark panics");
        }
    }
}
