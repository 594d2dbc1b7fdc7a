//! A timer as a future: it is ready once its time has passed.
//!
//! The shape (a flag and a waker behind a mutex, shared with whoever waits) is that of
//! *Asynchronous Programming in Rust*. Two things differ from the published text, kept in
//! `book_timer.rs`: the waker is woken after the lock is released, and a dropped timer lets go of
//! its waker.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// A future that is ready when `duration` has passed since [`new`](Self::new).
///
/// Futures are lazy, and this one is too: no code of the task runs by itself. But its *clock* is
/// not: the time runs from `new` on, not from the first poll.
///
/// Polled again after `Ready`, it is `Ready` again.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::TimerFuture;
///
/// futures::executor::block_on(async {
///     TimerFuture::new(Duration::from_millis(5)).await;
/// });
/// ```
#[derive(Debug)]
#[must_use = "the time passes, but nobody waits for it unless the future is polled"]
pub struct TimerFuture {
    /// What the future and the clock's callback have in common.
    shared: Arc<Mutex<SharedState>>,
}

#[derive(Debug)]
struct SharedState {
    /// Whether the time has passed. Set by the callback, once, before it wakes anybody.
    completed: bool,
    /// Whom to wake then: the task of the latest poll, if there was one.
    waker: Option<Waker>,
}

impl TimerFuture {
    /// Starts a timer. [`Duration::MAX`] never ends.
    ///
    /// # Panics
    ///
    /// Panics if the operating system has no thread left to give.
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new(Mutex::new(SharedState {
            completed: false,
            waker: None,
        }));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || complete(&in_callback));
        Self { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // One lock for the look at the flag and the storing of the waker: the callback comes before
        // both or after both. In between, it would find no waker, and nobody would ever be woken.
        let mut shared = lock(&self.shared);
        if shared.completed {
            return Poll::Ready(());
        }
        // Each time, because the timer may have moved to another task since the last poll.
        // `clone_from` saves the clone where it can tell that the stored waker is the same.
        match &mut shared.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        // The callback keeps the shared state until it has run, which may take days. The task that
        // the waker leads to must not live as long.
        let waker = lock(&self.shared).waker.take();
        drop(waker);
    }
}

/// What the clock calls when the time has passed.
fn complete(shared: &Mutex<SharedState>) {
    let waker = {
        let mut shared = lock(shared);
        // The flag before the wake: whoever is woken polls at once, and must find it set.
        shared.completed = true;
        shared.waker.take()
    };
    // Outside the lock: a waker may poll this very timer before `wake` returns.
    if let Some(waker) = waker {
        waker.wake();
    }
}
