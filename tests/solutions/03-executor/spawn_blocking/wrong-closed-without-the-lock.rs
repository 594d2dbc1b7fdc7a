// expect: fail lost-before-sleep
//! Says that it is over in an atomic flag, without the lock: a thread that has just looked at the flag goes to sleep, and
//! has missed the news (S3-13).

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
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

pub fn spawn_blocking<F, T>(f: F) -> SpawnBlocking<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    static POOL: LazyLock<BlockingPool> =
        LazyLock::new(|| BlockingPool::new(100, Duration::from_secs(10)));
    POOL.spawn(f)
}

pub struct BlockingPool {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    closed: AtomicBool,
    work: Condvar,
    max_threads: usize,
    keep_alive: Duration,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

/// Called with `true` it does its work, and with `false` it says that nobody will.
type Job = Box<dyn FnOnce(bool) + Send>;

impl BlockingPool {
    #[must_use]
    pub fn new(max_threads: usize, keep_alive: Duration) -> Self {
        assert!(max_threads > 0, "a pool without threads runs nothing");
        let inner = Inner {
            state: Mutex::default(),
            closed: AtomicBool::new(false),
            work: Condvar::new(),
            max_threads,
            keep_alive,
        };
        Self { inner: Arc::new(inner) }
    }

    pub fn spawn<F, T>(&self, f: F) -> SpawnBlocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let shared = Arc::new(Mutex::new(Shared { value: None, waker: None }));
        let theirs = Arc::clone(&shared);
        let job = move |run: bool| {
            let value = if run {
                catch_unwind(AssertUnwindSafe(f)).map_err(JoinError::Panicked)
            } else {
                drop(f);
                Err(JoinError::Cancelled)
            };
            finish(&theirs, value);
        };
        self.inner.add(Box::new(job));
        SpawnBlocking { shared }
    }
}

fn finish<T>(shared: &Mutex<Shared<T>>, value: Result<T, JoinError>) {
    let mut shared = lock(shared);
    shared.value = Some(value);
    let waker = shared.waker.take();
    drop(shared);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Inner {
    fn add(self: &Arc<Self>, job: Job) {
        let mut state = lock(&self.state);
        state.queue.push_back(job);
        if state.queue.len() <= state.idle {
            self.work.notify_one();
        } else if state.threads < self.max_threads {
            state.threads += 1;
            let inner = Arc::clone(self);
            thread::spawn(move || inner.run());
        }
    }

    fn run(&self) {
        let mut state = lock(&self.state);
        loop {
            while let Some(job) = state.queue.pop_front() {
                drop(state);
                job(true);
                state = lock(&self.state);
            }
            if self.closed.load(SeqCst) {
                break;
            }
            state.idle += 1;
            let waited = self.work.wait_timeout(state, self.keep_alive);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if timeout.timed_out() && state.queue.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.inner.closed.store(true, SeqCst);
        self.inner.work.notify_all();
        let queue = std::mem::take(&mut lock(&self.inner.state).queue);
        for job in queue {
            job(false);
        }
    }
}

#[must_use = "the closure runs, but nobody hears of its result or its panic"]
pub struct SpawnBlocking<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<Result<T, JoinError>>,
    waker: Option<Waker>,
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut shared = lock(&self.shared);
        if let Some(value) = shared.value.take() {
            return Poll::Ready(value);
        }
        let old = shared.waker.replace(cx.waker().clone());
        drop(shared);
        drop(old);
        Poll::Pending
    }
}

impl<T> Drop for SpawnBlocking<T> {
    fn drop(&mut self) {
        let waker = lock(&self.shared).waker.take();
        drop(waker);
    }
}

impl<T> fmt::Debug for SpawnBlocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnBlocking").finish_non_exhaustive()
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPool").finish_non_exhaustive()
    }
}
