//! The runtime of many threads: the same reactor, on a thread of its own below a pool.
//!
//! The workers poll the tasks, and never wait for I/O. The reactor's thread waits for I/O and for
//! timers, and never polls a task: its wakes bring the tasks back to the workers. What that costs
//! is a change of threads for each event that finds all workers asleep.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use std::task::Waker;
use std::thread;

use executor::context::{self, Handle};
use executor::{Executor, JoinHandle, PoolHandle, ThreadPool};

use crate::{Reactor, run_until};

/// Runs tasks on several threads, with sockets and timers.
///
/// Dropping it lets the polls that run come to their end, drops the tasks that are not done, and
/// ends all threads.
///
/// ```
/// use std::time::Duration;
/// use reactor::{PoolRuntime, sleep};
///
/// let runtime = PoolRuntime::new(2).unwrap();
/// let task = runtime.spawn(async {
///     sleep(Duration::from_millis(1)).await;
///     6 * 7
/// });
/// assert_eq!(runtime.block_on(task).unwrap(), 42);
/// ```
pub struct PoolRuntime {
    /// The workers. `None` once they have ended, which is before the reactor's thread does.
    pool: Option<ThreadPool>,
    /// The sockets and timers.
    reactor: Reactor,
    /// Tells the reactor's thread to end.
    stop: Arc<AtomicBool>,
    /// The reactor's thread.
    thread: Option<thread::JoinHandle<()>>,
}

impl PoolRuntime {
    /// A runtime of so many workers, and one more thread for the reactor.
    ///
    /// # Errors
    ///
    /// What the system says when the selector is opened or the reactor's thread is started.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is 0, and if the system has no thread left for a worker.
    pub fn new(threads: usize) -> io::Result<Self> {
        let reactor = Reactor::new()?;
        let stop = Arc::new(AtomicBool::new(false));
        let drive = drive(reactor.clone(), Arc::clone(&stop));
        let thread = thread::Builder::new().name("reactor".into()).spawn(drive)?;
        let mut runtime = Self {
            pool: None,
            reactor: reactor.clone(),
            stop,
            thread: Some(thread),
        };
        // If this panics, `runtime` is dropped, and the thread ends.
        runtime.pool = Some(ThreadPool::with_start(threads, move || {
            reactor.enter_for_good();
        }));
        Ok(runtime)
    }

    /// Runs `future` to its end on this thread, while the tasks run on theirs.
    ///
    /// Inside, [`executor::spawn`] and the sockets and timers of this crate find this runtime.
    ///
    /// # Panics
    ///
    /// Panics if this thread runs a runtime or an executor already, or if the future panics.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let _pool = context::set(Handle::Pool(self.handle()));
        let _reactor = self.reactor.enter();
        executor::block_on(future)
    }

    /// Spawns a task.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle().spawn(future)
    }

    /// Spawns tasks here from any thread. It does not keep the runtime alive.
    #[must_use]
    pub fn handle(&self) -> PoolHandle {
        let pool = self.pool.as_ref();
        pool.expect("taken when the runtime is dropped").handle()
    }

    /// The reactor with the sockets and timers.
    #[must_use]
    pub fn reactor(&self) -> &Reactor {
        &self.reactor
    }
}

impl Drop for PoolRuntime {
    fn drop(&mut self) {
        drop(self.pool.take());
        self.stop.store(true, Release);
        self.reactor.interrupter().wake();
        if let Some(thread) = self.thread.take()
            // A waker may have dropped the runtime: the reactor's thread cannot wait for itself.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for PoolRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolRuntime")
            .field("pool", &self.pool)
            .field("reactor", &self.reactor)
            .finish_non_exhaustive()
    }
}

/// What the reactor's thread does: the loop of one thread, with an executor that never gets a task.
fn drive(reactor: Reactor, stop: Arc<AtomicBool>) -> impl FnOnce() + Send {
    move || {
        let unpark = Waker::from(Arc::clone(reactor.interrupter()));
        let (mut executor, _spawner) = Executor::new(unpark);
        run_until(&mut executor, &reactor, || stop.load(Acquire));
    }
}
