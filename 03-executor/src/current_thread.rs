//! The runtime of one thread: a main future, and the tasks that run beside it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::sync::atomic::{
    AtomicU8,
    Ordering::{AcqRel, Acquire},
};
use crate::{Executor, JoinHandle, Parker, Spawner};

/// How many tasks are polled before the main future gets its turn again.
const BUDGET: usize = 64;

/// An executor, its spawner and the parker it sleeps on.
///
/// ```
/// use executor::CurrentThread;
///
/// let sum = CurrentThread::new().block_on(async {
///     let tasks: Vec<_> = (1..=3).map(|n| executor::spawn(async move { n * n })).collect();
///     let mut sum = 0;
///     for task in tasks {
///         sum += task.await.expect("it neither panics nor is it aborted");
///     }
///     sum
/// });
/// assert_eq!(sum, 1 + 4 + 9);
/// ```
#[derive(Debug)]
pub struct CurrentThread {
    /// Polls the tasks.
    executor: Executor,
    /// For `spawn`, and to be current during `block_on`.
    spawner: Spawner,
    /// What the thread sleeps on when neither the main future nor a task has anything to do.
    parker: Parker,
}

/// The main future's waker. It wakes the thread only if that may be asleep.
struct Main {
    /// One of the three below. Each change of it is a read-modify-write with `AcqRel`, so the poll
    /// after a wake sees what was before the wake.
    state: AtomicU8,
    /// Wakes the thread.
    unpark: Waker,
}

/// Nothing has happened, and the thread is up.
const AWAKE: u8 = 0;
/// The main future is to be polled.
const WOKEN: u8 = 1;
/// Nothing has happened, and the thread sleeps or is about to.
const ASLEEP: u8 = 2;

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

    /// For other threads that want to spawn tasks here.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Runs `future` to its end, and the tasks beside it. Tasks that are not done by then stay, and
    /// go on in the next `block_on`.
    ///
    /// # Panics
    ///
    /// If this thread is inside an executor already.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        let _entered = enter("block_on");
        let _current = context::set(Handle::Spawner(self.spawner.clone()));
        let mut future = pin!(future);
        let main = Arc::new(Main::new(self.parker.waker()));
        let waker = Waker::from(Arc::clone(&main));
        let mut cx = Context::from_waker(&waker);
        loop {
            if main.take_wake() {
                let poll = || future.as_mut().poll(&mut cx);
                if let Poll::Ready(output) = context::within(&mut self.executor, poll) {
                    return output;
                }
            }
            self.executor.turn(BUDGET);
            if !self.executor.has_ready() && main.fall_asleep() {
                self.parker.park();
            }
        }
    }
}

impl Main {
    /// A future that was never polled counts as woken.
    fn new(unpark: Waker) -> Self {
        Self {
            state: AtomicU8::new(WOKEN),
            unpark,
        }
    }

    /// Whether the future is to be polled. Uses up the wake, before the poll.
    fn take_wake(&self) -> bool {
        self.state.swap(AWAKE, AcqRel) == WOKEN
    }

    /// Whether the thread may sleep: no wake came since the last was used up.
    fn fall_asleep(&self) -> bool {
        let slept = (self.state).compare_exchange(AWAKE, ASLEEP, AcqRel, Acquire);
        slept.is_ok()
    }
}

impl Wake for Main {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(WOKEN, AcqRel) == ASLEEP {
            self.unpark.wake_by_ref();
        }
    }
}

impl Default for CurrentThread {
    fn default() -> Self {
        Self::new()
    }
}
