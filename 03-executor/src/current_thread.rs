//! The runtime of one thread: a main future, and the tasks that it spawns. Provisional.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::{Executor, JoinHandle, Parker, Spawner};

/// An executor, its spawner and the parker it sleeps on.
#[derive(Debug)]
pub struct CurrentThread {
    executor: Executor,
    spawner: Spawner,
    parker: Parker,
}

/// The main future's waker: says that it is to be polled, and wakes the thread.
struct Main {
    woken: AtomicBool,
    unpark: Waker,
}

impl Wake for Main {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.unpark.wake_by_ref();
    }
}

impl CurrentThread {
    /// A runtime without tasks.
    #[must_use]
    pub fn new() -> Self {
        let parker = Parker::new();
        let (executor, spawner) = Executor::new(parker.waker());
        Self {
            executor,
            spawner,
            parker,
        }
    }

    /// Spawns a task, which runs during [`block_on`](Self::block_on).
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawner.spawn(future)
    }

    /// Runs `future` to its end, and the tasks beside it. Tasks that are not done by then stay.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        let _entered = enter("block_on");
        let _current = context::set(Handle::Spawner(self.spawner.clone()));
        let mut future = pin!(future);
        let main = Arc::new(Main {
            woken: AtomicBool::new(true),
            unpark: self.parker.waker(),
        });
        let waker = Waker::from(Arc::clone(&main));
        loop {
            if main.woken.swap(false, SeqCst)
                && let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                return output;
            }
            self.executor.turn(64);
            if !self.executor.has_ready() && !main.woken.load(SeqCst) {
                self.parker.park();
            }
        }
    }
}

impl Default for CurrentThread {
    fn default() -> Self {
        Self::new()
    }
}
