//! The runtimes of this course.

use std::time::Instant;

use executor::{CurrentThread, JoinHandle, ThreadPool};

use super::{Expected, Runtime, Timers, WORKERS};

/// Stage 03: one thread, without sockets and timers.
#[derive(Debug)]
pub struct Ours(CurrentThread);

impl Runtime for Ours {
    const NAME: &'static str = "ours";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        Self(CurrentThread::new())
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
        Expected(executor::spawn(future))
    }
}

/// Stage 04: one thread with sockets and timers.
#[derive(Debug)]
pub struct OursIo(reactor::Runtime);

impl Runtime for OursIo {
    const NAME: &'static str = "ours, I/O on";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        Self(reactor::Runtime::new().expect("the system has a selector left"))
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
        Expected(executor::spawn(future))
    }
}

impl Timers for OursIo {
    type Sleep = reactor::Sleep;

    fn sleep_until(deadline: Instant) -> Self::Sleep {
        reactor::sleep_until(deadline)
    }
}

/// Stage 03: [`WORKERS`] threads.
#[derive(Debug)]
pub struct OursPool(ThreadPool);

impl Runtime for OursPool {
    const NAME: &'static str = "ours, 2 threads";
    type Handle<T: Send + 'static> = Expected<JoinHandle<T>>;

    fn new() -> Self {
        Self(ThreadPool::new(WORKERS))
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        executor::block_on(Expected(self.0.spawn(main)))
    }

    fn spawn<F>(future: F) -> Self::Handle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Expected(executor::spawn(future))
    }
}
