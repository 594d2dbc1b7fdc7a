//! # Drop guarantee: what is done when a future has ended
//!
//! `finally(future, cleanup)` runs a cleanup when a future has ended: when it is ready, or when it is dropped before. What the
//! future held is to be free by then, so the future is dropped first. And it is pinned, so it is dropped where it lies.
//!
//! What is checked:
//!
//! 1. It is the future: its output, and its wakes, which go to the waker of the latest poll.
//! 2. The cleanup runs once. When the future is ready, it runs before `Ready` is returned; when everything is dropped in the middle,
//!    or was never polled, it runs then.
//! 3. By the time of the cleanup, the future has been dropped.
//! 4. The future stays where it is from its first poll on, and is dropped there.
//! 5. `Finally` is `Unpin` if the future is, and only then. It is `Send` only if the future and the cleanup are.
//! 6. A panic changes nothing about 2: neither one in the poll nor one in the future's destructor.
//! 7. Nothing is allocated.
//!
//! Settled: by hand or with `pin-project`, with a `Drop` or without.
//!
//! Read first: README.md, "Dropped where it lies". Do `pin_projected` before this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise drop_guarantee`. Stuck: `cargo xtask hint drop_guarantee`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};

/// Calls `cleanup` when `future` has ended: when it is ready, or when it is dropped before. See [`Finally`].
pub fn finally<F: Future, C: FnOnce()>(future: F, cleanup: C) -> Finally<F, C> {
    todo!()
}

/// A future, and then a cleanup.
///
/// The cleanup runs once, and after the future has been dropped: what the future held is free by then. If the future's destructor
/// panics, the cleanup runs all the same.
#[pin_project(PinnedDrop)]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Finally<F, C: FnOnce()> {
    #[pin]
    future: F,
    cleanup: C,
    // The future goes before this struct does. How does a field say that it is gone?
}

impl<F: Future, C: FnOnce()> Future for Finally<F, C> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        todo!("poll the future; when it is ready, drop it where it lies, and clean up")
    }
}

#[pinned_drop]
impl<F, C: FnOnce()> PinnedDrop for Finally<F, C> {
    fn drop(self: Pin<&mut Self>) {
        // The end in the middle. What is to happen here, and what if it has happened already?
    }
}
