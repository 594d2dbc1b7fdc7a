//! The runtime of one thread: an executor, a reactor, and the loop that drives both.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use executor::context::{self, Handle};
use executor::enter::enter;
use executor::{Executor, JoinHandle, Spawner};

use crate::event_loop::run_until;
use crate::{Interrupter, Reactor};

/// Runs futures, their tasks, sockets and timers on one thread.
///
/// ```
/// use reactor::Runtime;
///
/// let mut runtime = Runtime::new().unwrap();
/// let answer = runtime.block_on(async {
///     let task = executor::spawn(async { 6 * 7 });
///     task.await.unwrap()
/// });
/// assert_eq!(answer, 42);
/// ```
#[derive(Debug)]
pub struct Runtime {
    /// The tasks. The first field, so they are dropped first, with their sockets.
    executor: Executor,
    /// Where tasks are handed in.
    spawner: Spawner,
    /// The sockets and timers.
    reactor: Reactor,
}

impl Runtime {
    /// A runtime without tasks.
    ///
    /// # Errors
    ///
    /// What the system says when the selector is opened: no file descriptor left, for one.
    pub fn new() -> io::Result<Self> {
        let reactor = Reactor::new()?;
        let unpark = Waker::from(Arc::clone(reactor.interrupter()));
        let (executor, spawner) = Executor::new(unpark);
        Ok(Self {
            executor,
            spawner,
            reactor,
        })
    }

    /// Runs `future` to its end, and the tasks beside it. Tasks that are not done by then stay, and
    /// go on in the next `block_on`.
    ///
    /// Inside, [`executor::spawn`] and the sockets and timers of this crate find this runtime.
    ///
    /// # Panics
    ///
    /// Panics if this thread runs a runtime or an executor already, or if the future panics.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        let _entered = enter("Runtime::block_on");
        let _spawner = context::set(Handle::Spawner(self.spawner.clone()));
        let _reactor = self.reactor.enter();
        let main = Arc::new(Main {
            woken: AtomicBool::new(true),
            interrupter: Arc::clone(self.reactor.interrupter()),
        });
        let waker = Waker::from(Arc::clone(&main));
        let mut future = pin!(future);
        let mut output = None;
        run_until(&mut self.executor, &self.reactor, || {
            if main.woken.swap(false, SeqCst)
                && let Poll::Ready(ready) = future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                output = Some(ready);
            }
            output.is_some()
        });
        output.expect("the loop ends when there is an output")
    }

    /// Spawns a task, which runs during [`block_on`](Self::block_on).
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawner.spawn(future)
    }

    /// Spawns tasks here from any thread.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// The reactor with the sockets and timers.
    #[must_use]
    pub fn reactor(&self) -> &Reactor {
        &self.reactor
    }
}

/// What the main future is woken through.
struct Main {
    /// Whether the main future is to be polled. Set before the loop is woken.
    woken: AtomicBool,
    /// Wakes the loop that looks at `woken`.
    interrupter: Arc<Interrupter>,
}

impl Wake for Main {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, SeqCst);
        Interrupter::wake(&self.interrupter);
    }
}
