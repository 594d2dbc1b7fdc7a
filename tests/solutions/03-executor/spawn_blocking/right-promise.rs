// expect: pass
//! Puts a promise into the closure: dropped without a value, it says `Cancelled`.

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
    work: Condvar,
    max_threads: usize,
    keep_alive: Duration,
}

struct State {
    queue: VecDeque<Box<dyn FnOnce() + Send>>,
    idle: usize,
    threads: usize,
    closed: bool,
}

impl BlockingPool {
    #[must_use]
    pub fn new(max_threads: usize, keep_alive: Duration) -> Self {
        assert!(max_threads > 0);
        BlockingPool {
            inner: Arc::new(Inner {
                state: Mutex::new(State { queue: VecDeque::new(), idle: 0, threads: 0, closed: false }),
                work: Condvar::new(),
                max_threads,
                keep_alive,
            }),
        }
    }

    pub fn spawn<F, T>(&self, f: F) -> SpawnBlocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let shared = Arc::new(Mutex::new(Shared { value: None, waker: None }));
        let promise = Promise(Arc::clone(&shared));
        let job = Box::new(move || {
            let value = catch_unwind(AssertUnwindSafe(f)).map_err(JoinError::Panicked);
            promise.keep(value);
        });
        let mut state = lock(&self.inner.state);
        state.queue.push_back(job);
        if state.queue.len() > state.idle && state.threads < self.inner.max_threads {
            state.threads += 1;
            drop(state);
            let inner = Arc::clone(&self.inner);
            thread::spawn(move || inner.run());
        } else {
            drop(state);
            self.inner.work.notify_one();
        }
        SpawnBlocking(shared)
    }
}

#[must_use = "the closure runs, but nobody hears of its result or its panic"]
pub struct SpawnBlocking<T>(Arc<Mutex<Shared<T>>>);

struct Shared<T> {
    value: Option<Result<T, JoinError>>,
    waker: Option<Waker>,
}

impl Inner {
    fn run(&self) {
        let mut state = lock(&self.state);
        loop {
            if let Some(job) = state.queue.pop_front() {
                drop(state);
                job();
                state = lock(&self.state);
                continue;
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let (guard, timeout) = self
                .work
                .wait_timeout(state, self.keep_alive)
                .unwrap_or_else(PoisonError::into_inner);
            state = guard;
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
        let mut state = lock(&self.inner.state);
        state.closed = true;
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        self.inner.work.notify_all();
        drop(queue);
    }
}

struct Promise<T>(Arc<Mutex<Shared<T>>>);

impl<T> Promise<T> {
    fn keep(&self, value: Result<T, JoinError>) {
        let mut shared = lock(&self.0);
        shared.value = Some(value);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        let none = lock(&self.0).value.is_none();
        if none {
            self.keep(Err(JoinError::Cancelled));
        }
    }
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut shared = lock(&self.0);
        match shared.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                let old = shared.waker.replace(cx.waker().clone());
                drop(shared);
                drop(old);
                Poll::Pending
            }
        }
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
