//! # Futures that stay: an executor for what is not `Send`
//!
//! A waker may be woken on any thread, and it leads to its task: so tasks have to be `Send`, and the futures
//! in them too. A future that holds an `Rc` is not. The way out: the future stays, in a list that belongs to
//! its thread, and what is spawned is a small future that *is* `Send`, because all it knows is where in that
//! list the other one lies. Polled, it polls that one.
//!
//! What is checked:
//!
//! 1. `spawn_local` takes futures and outputs that are not `Send`, polls nothing itself, and the executor
//!    polls the future on the thread that spawned it.
//! 2. The handle gives the output, and `is_finished` says when it is there.
//! 3. Several futures are kept apart: a wake leads to a poll of the one that was woken, and of no other.
//! 4. A wake may come from any thread. It only wakes: the poll follows on the future's own thread.
//! 5. A future may spawn another one while it is polled, and while it is dropped.
//! 6. A panic arrives at the handle with its payload, and nobody else is hurt. So does an `abort`: as
//!    `JoinError::Cancelled`.
//! 7. A future is dropped as soon as its task is over: finished, panicked, aborted, or gone with its
//!    executor. A handle that is dropped lets its task go on.
//! 8. A task whose executor runs on *another* thread never polls: neither its own future, nor what lies in
//!    that thread's list. Its handle gets an error.
//! 9. `run_until` and `run` sleep when nothing is ready, and end.
//!
//! Settled: all this goes without `unsafe`. A future whose task ends on another thread is dropped on its own
//! thread, when that ends at the latest. The list is yours: a map, a vector with holes. An executor around it is
//! given: it is `CurrentThread` of the layer, which stays on its thread. You need not change it, and may.
//!
//! Read first: README.md, "Futures that stay". Do `task`, `run` and `join_handle` before this. About 45
//! minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise local_executor`. Stuck: `cargo xtask hint local_executor`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::{Executor, JoinError, JoinHandle, Parker, Spawner};

/// A future of this thread. It gives its output away by itself.
type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    // Where do the futures of this thread lie, and by what are they found again?
}

/// Spawns a future that need not be `Send`, on the executor of this very thread.
///
/// # Panics
///
/// Not here, but when it is polled: the task panics if `spawner` belongs to an executor that runs on
/// another thread. Its handle gets the panic.
pub fn spawn_local<F>(spawner: &Spawner, future: F) -> LocalJoinHandle<F::Output>
where
    F: Future + 'static,
{
    todo!("put the future into the list, and spawn a small one that polls it there")
}

/// What is spawned: polls a future of this thread.
struct Proxy {
    // All that is in here has to be Send.
}

impl Future for Proxy {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("take the future out of the list, poll it, and put it back if it is Pending")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The task is over, in one of four ways. What must go with it?
    }
}

/// The handle of a task that stays on its thread: a future of its result. Dropped, it lets the task
/// go on.
pub struct LocalJoinHandle<T> {
    /// Says when the task is over, and how.
    proxy: JoinHandle<()>,
    /// Where the future has left its output by then.
    output: Rc<Cell<Option<T>>>,
}

impl<T> LocalJoinHandle<T> {
    /// Asks for the task's end: [`JoinHandle::abort`].
    pub fn abort(&self) {
        self.proxy.abort();
    }

    /// Whether the task is over.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.proxy.is_finished()
    }
}

impl<T> Future for LocalJoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("what the proxy's handle says; and where it says Ok, the output")
    }
}

impl<T> fmt::Debug for LocalJoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalJoinHandle")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// An executor for one thread, that stays there.
#[derive(Debug)]
pub struct LocalExecutor {
    executor: Executor,
    spawner: Spawner,
    /// What the thread sleeps on when no task is ready.
    parker: Parker,
    /// Its tasks' futures lie on this thread.
    _not_send: PhantomData<*const ()>,
}

impl LocalExecutor {
    /// An executor without tasks.
    #[must_use]
    pub fn new() -> Self {
        let parker = Parker::new();
        let (executor, spawner) = Executor::new(parker.waker());
        Self {
            executor,
            spawner,
            parker,
            _not_send: PhantomData,
        }
    }

    /// A spawner of tasks here: for [`spawn_local`] on this thread, and for `Send` futures on any.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Spawns a future that need not be `Send`.
    pub fn spawn_local<F>(&self, future: F) -> LocalJoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        spawn_local(&self.spawner, future)
    }

    /// Runs `future` to its end, and the tasks beside it. Tasks that are not done by then stay.
    pub fn run_until<F: Future>(&mut self, future: F) -> F::Output {
        let _entered = enter("run_until");
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
            self.executor.turn(BUDGET);
            if !self.executor.has_ready() && !main.woken.load(SeqCst) {
                self.parker.park();
            }
        }
    }

    /// Runs until no task is alive and no other spawner is left.
    pub fn run(self) {
        let _entered = enter("run");
        let Self {
            mut executor,
            spawner,
            parker,
            ..
        } = self;
        drop(spawner);
        while !executor.is_done() {
            if executor.turn(BUDGET) == 0 {
                parker.park();
            }
        }
    }
}

/// How many tasks are polled between two looks at the main future.
const BUDGET: usize = 64;

/// The main future's waker.
struct Main {
    /// Whether the main future is to be polled: not every wake of the thread is meant for it.
    woken: AtomicBool,
    /// Wakes the thread.
    unpark: Waker,
}

impl Wake for Main {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.unpark.wake_by_ref();
    }
}

impl Default for LocalExecutor {
    fn default() -> Self {
        Self::new()
    }
}
