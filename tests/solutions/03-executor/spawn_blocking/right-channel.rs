// expect: pass
//! A channel as the queue: the receiver is locked to take a closure out, and not while it runs. Idle threads queue up for
//! the lock, and one of them waits at the channel.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::JoinError;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};

pub fn spawn_blocking<F, T>(f: F) -> SpawnBlocking<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    static POOL: LazyLock<BlockingPool> =
        LazyLock::new(|| BlockingPool::new(100, Duration::from_secs(10)));
    POOL.spawn(f)
}

type Job = Box<dyn FnOnce(bool) + Send>;

pub struct BlockingPool {
    /// `None` at the end.
    jobs: Option<Sender<Job>>,
    inner: Arc<Inner>,
}

struct Inner {
    jobs: Mutex<Receiver<Job>>,
    count: Mutex<Count>,
    max_threads: usize,
    keep_alive: Duration,
}

#[derive(Default)]
struct Count {
    threads: usize,
    /// Closures that are in the channel, or run.
    jobs: usize,
    closed: bool,
}

impl BlockingPool {
    #[must_use]
    pub fn new(max_threads: usize, keep_alive: Duration) -> Self {
        assert!(max_threads > 0, "a pool without threads runs nothing");
        let (sender, receiver) = mpsc::channel();
        let inner = Inner {
            jobs: Mutex::new(receiver),
            count: Mutex::default(),
            max_threads,
            keep_alive,
        };
        Self { jobs: Some(sender), inner: Arc::new(inner) }
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
            let mut shared = lock(&theirs);
            shared.value = Some(value);
            let waker = shared.waker.take();
            drop(shared);
            if let Some(waker) = waker {
                waker.wake();
            }
        };
        let mut count = lock(&self.inner.count);
        count.jobs += 1;
        let jobs = self.jobs.as_ref().expect("only `drop` takes it");
        // Under the lock of the numbers: who gives up sees either both or none.
        let _ = jobs.send(Box::new(job));
        let more = count.jobs > count.threads && count.threads < self.inner.max_threads;
        if more {
            count.threads += 1;
        }
        drop(count);
        if more {
            let inner = Arc::clone(&self.inner);
            thread::spawn(move || inner.run());
        }
        SpawnBlocking { shared }
    }
}

impl Inner {
    fn run(&self) {
        loop {
            let next = lock(&self.jobs).recv_timeout(self.keep_alive);
            match next {
                Ok(job) => {
                    let closed = lock(&self.count).closed;
                    job(!closed);
                    lock(&self.count).jobs -= 1;
                }
                Err(error) => {
                    let mut count = lock(&self.count);
                    // As many threads as there are closures have to stay.
                    if error == RecvTimeoutError::Disconnected || count.jobs < count.threads {
                        count.threads -= 1;
                        return;
                    }
                }
            }
        }
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        lock(&self.inner.count).closed = true;
        // From now on nobody waits at the channel.
        drop(self.jobs.take());
        while let Ok(job) = { lock(&self.inner.jobs).try_recv() } {
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
