//! The runtimes of this course.

use executor::{CurrentThread, JoinHandle};

use super::{Expected, Runtime};

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
