//! Futures that are watched, and events that they wait for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::task::Runnable;
use executor::{JoinError, JoinHandle};

/// So many times, and under Miri so many.
pub(crate) const fn times(native: usize, miri: usize) -> usize {
    if cfg!(miri) { miri } else { native }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does `work` on a thread of its own, and fails when that hangs.
pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = mpsc::channel();
    let thread = thread::spawn(move || send.send(work()));
    match receive.recv_timeout(Duration::from_secs(if cfg!(miri) { 600 } else { 60 })) {
        Ok(output) => {
            let _ = thread.join();
            output
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(_) => std::panic::resume_unwind(thread.join().unwrap_err()),
    }
}

/// Counts those of its [`One`]s that are there.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

/// A value that is missed when it is leaked, and worse when it is dropped twice. On the heap, so that
/// Miri sees each use after the end.
pub(crate) struct One(Box<Count>);

impl Count {
    pub(crate) fn one(&self) -> One {
        self.0.fetch_add(1, SeqCst);
        One(Box::new(self.clone()))
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(SeqCst)
    }
}

impl Drop for One {
    fn drop(&mut self) {
        assert!(self.0.0.fetch_sub(1, SeqCst) > 0, "dropped twice");
    }
}

/// Something that happens once. It keeps the wakers of all who wait for it, also when it has happened.
#[derive(Clone, Default)]
pub(crate) struct Event(Arc<Mutex<(bool, Vec<Waker>)>>);

impl Event {
    pub(crate) async fn happens(&self) {
        poll_fn(|cx| self.poll(cx)).await;
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut event = lock(&self.0);
        event.1.push(waker);
        match event.0 {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// Lets it happen.
    pub(crate) fn happen(&self) {
        lock(&self.0).0 = true;
        self.wake();
    }

    /// Wakes all who wait, for nothing perhaps.
    pub(crate) fn wake(&self) {
        let wakers = lock(&self.0).1.clone();
        wakers.iter().for_each(Waker::wake_by_ref);
    }

    /// The wakers of those who wait.
    pub(crate) fn wakers(&self) -> Vec<Waker> {
        std::mem::take(&mut lock(&self.0).1)
    }
}

/// The simplest executor.
#[derive(Clone, Default)]
pub(crate) struct Queue(Arc<Mutex<VecDeque<Runnable>>>);

impl Queue {
    pub(crate) fn schedule(&self) -> impl Fn(Runnable) + Send + Sync + 'static {
        let queue = self.clone();
        move |runnable| queue.push(runnable)
    }

    pub(crate) fn push(&self, runnable: Runnable) {
        lock(&self.0).push_back(runnable);
    }

    pub(crate) fn pop(&self) -> Option<Runnable> {
        lock(&self.0).pop_front()
    }

    /// Runs what is there until nothing is.
    pub(crate) fn run(&self) {
        while let Some(runnable) = self.pop() {
            let _ = runnable.run();
        }
    }
}

/// What a handle says now.
pub(crate) fn peek<T>(handle: &mut JoinHandle<T>) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()))
}

pub(crate) fn is_cancelled<T>(handle: &mut JoinHandle<T>) -> bool {
    matches!(peek(handle), Poll::Ready(Err(JoinError::Cancelled)))
}

pub(crate) fn is_panicked<T>(handle: &mut JoinHandle<T>) -> bool {
    matches!(peek(handle), Poll::Ready(Err(JoinError::Panicked(_))))
}

/// Calls `visit` with every order of the numbers below `count`.
pub(crate) fn each_order(count: usize, mut visit: impl FnMut(&[usize])) {
    fn go(order: &mut Vec<usize>, at: usize, visit: &mut impl FnMut(&[usize])) {
        if at == order.len() {
            return visit(order);
        }
        for other in at..order.len() {
            order.swap(at, other);
            go(order, at + 1, visit);
            order.swap(at, other);
        }
    }
    go(&mut (0..count).collect(), 0, &mut visit);
}
