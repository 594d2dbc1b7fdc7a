//! The bridge from stage 01: a [`SimpleFuture`] as a [`Future`].
//!
//! A `SimpleFuture` wants a `fn()`, a task has a [`Waker`]. A `fn()` holds no data, so it cannot
//! hold a waker, and there are only as many functions as the program was compiled with. One
//! function for each future (stage 01 has eight) comes to an end at the ninth.
//!
//! So there is one function for all of them, and it wakes *all* that wait: it cannot know which one
//! is meant. Each that was woken in vain is polled, finds nothing, and waits again: as many polls
//! for an event as there are waiters. That is right, for any number of futures, and it is the price
//! of `fn()`. A `Waker` does not have it.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

use crate::lock::lock;

/// Lets a [`SimpleFuture`] run on any executor.
///
/// `F: Unpin`, because a pinned `Compat` lends its future as a plain `&mut F` to each poll. (Stage
/// 06 is about what this means; the futures of stage 01 all fulfil it.)
///
/// Polled again after `Ready`, it polls the inner future again, which may do anything.
///
/// ```
/// use simple_future::{Poll, SimpleFuture};
/// use waker_timer::Compat;
///
/// struct Yield(bool);
///
/// impl SimpleFuture for Yield {
///     type Output = &'static str;
///
///     fn poll(&mut self, wake: fn()) -> Poll<&'static str> {
///         if self.0 {
///             return Poll::Ready("done");
///         }
///         self.0 = true;
///         wake();
///         Poll::Pending
///     }
/// }
///
/// assert_eq!(futures::executor::block_on(Compat::new(Yield(false))), "done");
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Compat<F> {
    /// The future of stage 01.
    inner: F,
    /// Under this number its task's waker is found among [`WAITING`].
    number: u64,
}

impl<F> Compat<F> {
    /// `inner` as a future of std. Nothing is polled yet.
    pub fn new(inner: F) -> Self {
        Self {
            inner,
            // Only the numbers must differ: nothing else is handed over with them.
            number: NEXT.fetch_add(1, Relaxed),
        }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // Before the poll: the inner future may call `wake_all`, or have it called, from this
        // moment on.
        let waker = cx.waker().clone();
        let previous = lock(&WAITING).insert(self.number, waker);
        drop(previous);
        match self.inner.poll(wake_all) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => {
                deregister(self.number);
                Poll::Ready(output)
            }
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        deregister(self.number);
    }
}

/// The number of the next `Compat`.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The wakers of all that wait. Not locked while one of them is cloned, woken or dropped: these may
/// come back here.
static WAITING: Mutex<BTreeMap<u64, Waker>> = Mutex::new(BTreeMap::new());

/// The one `fn()`. Who is woken registers again at its next poll.
fn wake_all() {
    let waiting = mem::take(&mut *lock(&WAITING));
    for waker in waiting.into_values() {
        waker.wake();
    }
}

fn deregister(number: u64) {
    let waker = lock(&WAITING).remove(&number);
    drop(waker);
}
