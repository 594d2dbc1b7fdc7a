//! Work that blocks, on threads that may be blocked.
//!
//! A task that reads a file or computes for a second keeps its executor's thread for as long, and
//! all other tasks wait. [`spawn_blocking`] gives such work to a thread of another kind: one that
//! has nothing else to do. There are as many of them as are needed at once, up to a bound.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::JoinError;
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

/// Calls `f` on a thread of its own, and gives a future of what it returns.
///
/// It starts at once, whether the future is polled or not, and dropping the future does not stop
/// it: nothing can stop a thread from outside. The threads are those of one pool for the whole
/// process: at most 128, each of which ends after ten seconds without work. So closures that wait
/// for each other must not be too many; if all threads wait for work that stands in the queue, it
/// stands there for ever.
///
/// # Panics
///
/// If there is no thread yet, and the operating system has none to give.
///
/// ```
/// let sum = executor::block_on(executor::spawn_blocking(|| (1..=10).sum::<u32>()));
/// assert_eq!(sum.unwrap(), 55);
/// ```
pub fn spawn_blocking<F, T>(f: F) -> SpawnBlocking<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    static POOL: LazyLock<BlockingPool> =
        LazyLock::new(|| BlockingPool::new(128, Duration::from_secs(10)));
    POOL.spawn(f)
}

/// Threads for work that blocks.
///
/// Dropping it drops what no thread has begun, whose futures get
/// [`Cancelled`](JoinError::Cancelled); what has begun goes on, and nobody waits for it.
///
/// ```
/// use std::time::Duration;
/// use executor::{BlockingPool, block_on};
///
/// let pool = BlockingPool::new(4, Duration::from_secs(1));
/// assert_eq!(block_on(pool.spawn(|| "done")).unwrap(), "done");
/// ```
pub struct BlockingPool {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    /// Told when there is a job, or nothing more to come.
    changed: Condvar,
    max_threads: usize,
    /// How long a thread waits for its next job before it ends.
    keep_alive: Duration,
}

#[derive(Default)]
struct State {
    /// What no thread has begun yet.
    jobs: VecDeque<Job>,
    /// How many threads there are.
    threads: usize,
    /// How many of them have nothing to do. Each of these takes one job from the queue.
    idle: usize,
    /// Whether the pool is gone.
    closed: bool,
}

type Job = Box<dyn FnOnce() + Send>;

impl BlockingPool {
    /// A pool that starts a thread when work comes and none is idle, up to `max_threads`. A thread
    /// that has been idle for `keep_alive` ends.
    ///
    /// # Panics
    ///
    /// If `max_threads` is 0.
    #[must_use]
    pub fn new(max_threads: usize, keep_alive: Duration) -> Self {
        assert!(
            max_threads > 0,
            "without a thread no closure would ever run"
        );
        let inner = Inner {
            state: Mutex::default(),
            changed: Condvar::new(),
            max_threads,
            keep_alive,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Calls `f` on one of the threads: see [`spawn_blocking`].
    ///
    /// # Panics
    ///
    /// If there is no thread yet, and the operating system has none to give.
    pub fn spawn<F, T>(&self, f: F) -> SpawnBlocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let shared = Arc::new(Mutex::new(Shared {
            value: None,
            waker: None,
        }));
        let promise = Promise(Some(Arc::clone(&shared)));
        let job = move || promise.keep(catch_unwind(AssertUnwindSafe(f)));
        self.inner.add(Box::new(job));
        SpawnBlocking(shared)
    }
}

impl Inner {
    /// Queues a job, and sees to it that a thread comes for it.
    fn add(self: &Arc<Self>, job: Job) {
        let mut state = lock(&self.state);
        state.jobs.push_back(job);
        // An idle thread that was called for an earlier job may not have woken up yet: as long as
        // that job stands in the queue, the thread is not there for this one.
        let start = state.jobs.len() > state.idle && state.threads < self.max_threads;
        state.threads += usize::from(start);
        drop(state);
        if start {
            self.start_thread();
        } else {
            self.changed.notify_one();
        }
    }

    fn start_thread(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        let builder = thread::Builder::new().name("blocking".into());
        let Err(error) = builder.spawn(move || inner.work()) else {
            return;
        };
        let mut state = lock(&self.state);
        state.threads -= 1;
        // With other threads there the job is in good hands, if later.
        if state.threads == 0 {
            let jobs = std::mem::take(&mut state.jobs);
            drop(state);
            drop(jobs);
            panic!("no thread for `spawn_blocking`: {error}");
        }
    }

    /// What a thread does: one job after the other, until none has come for a while.
    fn work(&self) {
        while let Some(job) = self.next_job() {
            // The closure's own panic is caught inside. This one is for what a woken waker does.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next_job(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        state.idle += 1;
        let mut waited = false;
        loop {
            let job = state.jobs.pop_front();
            if job.is_some() || state.closed || waited {
                state.idle -= 1;
                state.threads -= usize::from(job.is_none());
                return job;
            }
            let wait = self.changed.wait_timeout(state, self.keep_alive);
            let (again, timeout) = wait.unwrap_or_else(PoisonError::into_inner);
            state = again;
            waited = timeout.timed_out();
        }
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        let mut state = lock(&self.inner.state);
        state.closed = true;
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        self.inner.changed.notify_all();
        // Without the lock: what a closure owns may be anything.
        drop(jobs);
    }
}

/// Made by [`spawn_blocking`]: a future of what the closure returns, or of its panic.
///
/// It gives its result once: polled again after `Ready`, it is pending for ever.
#[must_use = "the closure runs, but nobody hears of its result or its panic"]
pub struct SpawnBlocking<T>(Arc<Mutex<Shared<T>>>);

/// What the future and the thread have in common.
struct Shared<T> {
    /// What came out. Set by the thread, once, before it wakes anybody.
    value: Option<Result<T, JoinError>>,
    /// Whom to wake then: the task of the latest poll, if there was one.
    waker: Option<Waker>,
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Cloned before the lock, and the old one dropped after it: a waker is somebody else's code.
        let waker = cx.waker().clone();
        let mut shared = lock(&self.0);
        if let Some(value) = shared.value.take() {
            return Poll::Ready(value);
        }
        let previous = shared.waker.replace(waker);
        drop(shared);
        drop(previous);
        Poll::Pending
    }
}

/// The thread's side. Dropped without a value it says that there will be none.
struct Promise<T>(Option<Arc<Mutex<Shared<T>>>>);

impl<T> Promise<T> {
    fn keep(mut self, result: thread::Result<T>) {
        self.settle(result.map_err(JoinError::Panicked));
    }

    fn settle(&mut self, result: Result<T, JoinError>) {
        let Some(shared) = self.0.take() else {
            return;
        };
        let mut state = lock(&shared);
        state.value = Some(result);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.settle(Err(JoinError::Cancelled));
    }
}

impl<T> fmt::Debug for SpawnBlocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnBlocking").finish_non_exhaustive()
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.inner.state);
        f.debug_struct("BlockingPool")
            .field("threads", &state.threads)
            .field("idle", &state.idle)
            .field("queued", &state.jobs.len())
            .finish_non_exhaustive()
    }
}
