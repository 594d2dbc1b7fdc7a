//! The timer of *Asynchronous Programming in Rust*, as published: the naive version of `timer.rs`.
//!
//! It is kept because almost everybody meets it first, and because its one weak spot does not show
//! in any test that only waits for the result: `wake` is called while the mutex is locked. A waker
//! is somebody else's code. One that polls the future inside `wake` locks the same mutex again on
//! the same thread, and stands there for ever. Most wakers only put the task into a queue, so it
//! works, nearly always; but even then the woken thread may run at once, into a mutex that is still
//! locked.
//!
//! The second difference: a `BookTimer` that is dropped early leaves its waker, and with it perhaps
//! a whole task, in the shared state until the time has passed.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;

/// A timer that wakes its task while it holds its own lock.
///
/// Like [`TimerFuture`](crate::TimerFuture) it counts from [`new`](Self::new) on, and is `Ready`
/// again when it is polled after `Ready`.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::BookTimer;
///
/// futures::executor::block_on(BookTimer::new(Duration::from_millis(5)));
/// ```
#[derive(Debug)]
#[must_use = "the time passes, but nobody waits for it unless the future is polled"]
pub struct BookTimer {
    /// What the future and the waiting thread have in common.
    shared_state: Arc<Mutex<SharedState>>,
}

#[derive(Debug)]
struct SharedState {
    /// Whether the time has passed.
    completed: bool,
    /// The waker of the latest poll.
    waker: Option<Waker>,
}

impl BookTimer {
    /// Starts a timer.
    ///
    /// # Panics
    ///
    /// Panics if the operating system has no thread left to give.
    pub fn new(duration: Duration) -> Self {
        let shared_state = Arc::new(Mutex::new(SharedState {
            completed: false,
            waker: None,
        }));
        let thread_shared_state = Arc::clone(&shared_state);
        clock::ring_after(duration, move || {
            let mut shared_state = thread_shared_state.lock().unwrap();
            shared_state.completed = true;
            if let Some(waker) = shared_state.waker.take() {
                // Still under the lock: see the module's first lines.
                waker.wake();
            }
        });
        Self { shared_state }
    }
}

impl Future for BookTimer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared_state = self.shared_state.lock().unwrap();
        if shared_state.completed {
            Poll::Ready(())
        } else {
            shared_state.waker = Some(cx.waker().clone());
            Poll::Pending
        }
    }
}
