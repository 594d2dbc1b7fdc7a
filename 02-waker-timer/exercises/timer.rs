//! # Timer: a future that is ready when its time has come
//!
//! Nobody polls a timer at the right moment by chance. The first poll leaves the task's waker where the
//! clock can find it; when the time has come, the clock calls you back, and you wake the task. Write
//! `TimerFuture`, with a flag and a waker that the future and the clock's callback share.
//!
//! What is checked:
//!
//! 1. It is never `Ready` before its time, however often it is polled, and until then it wakes nobody.
//! 2. Time comes from `crate::clock` and from nowhere else: [`clock::ring_after`] calls a closure back,
//!    on another thread.
//! 3. When the time has come, the task is woken, and the next poll is `Ready`.
//! 4. The clock starts in `new`. A timer that is first polled when its time is over is `Ready` at once.
//! 5. The waker of the *latest* poll is woken: between two polls a timer can move to another task.
//! 6. Timers do not disturb each other.
//! 7. Zero is over soon. `Duration::MAX` never ends, and does not panic.
//! 8. A timer that is dropped lets go of its waker, at once: nobody keeps the task alive until a day has
//!    passed.
//! 9. A time that comes in the middle of a poll is not missed.
//! 10. The task may be polled the moment it is woken, and finds the timer `Ready`.
//!
//! Settled: a wake more than needed, after the time has come, is fine, also after the drop. Polled
//! after `Ready`, the timer may do anything. To wake while holding the lock, or to ask for another ring
//! at every poll, passes with a remark. How late it is, is not graded. Start no thread of your own: when
//! your callback has returned, the task has been woken. Take `Arc`, `Mutex` and `MutexGuard` from
//! `crate::sync`: they are those of std, but the check puts a mutex of its own there, and lets the time
//! come exactly between two locks. A mutex straight from `std::sync` passes, with a remark.
//!
//! Read first: README.md, "A timer that wakes" to "Never wake under a lock", and "Dropping is
//! cancelling". Do `raw_waker` before this. About 35 minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise timer`. Stuck: `cargo xtask hint timer`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

/// A future that is ready when `duration` has passed since [`new`](Self::new).
///
/// Futures are lazy, and this one is too: no code of the task runs by itself. But its *clock* is
/// not: the time runs from `new` on, not from the first poll.
#[derive(Debug)]
#[must_use = "the time passes, but nobody waits for it unless the future is polled"]
pub struct TimerFuture {
    /// What the future and the clock's callback have in common.
    shared: Arc<Mutex<SharedState>>,
}

#[derive(Debug)]
struct SharedState {
    /// Whether the time has passed.
    completed: bool,
    // What else does the callback need, to reach the task?
}

impl TimerFuture {
    /// Starts a timer. [`Duration::MAX`] never ends.
    ///
    /// # Panics
    ///
    /// Panics if the operating system has no thread left to give.
    pub fn new(duration: Duration) -> Self {
        todo!("share a state with a callback, and give the callback to `clock::ring_after`")
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("Ready if the time has passed; else leave the waker for the callback")
    }
}

impl Drop for TimerFuture {
    fn drop(&mut self) {
        // The callback will hold its share of the state until the time has come. What must go now?
    }
}
