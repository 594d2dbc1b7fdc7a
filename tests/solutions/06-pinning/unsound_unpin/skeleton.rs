//! # Unsound Unpin: a future that can be begun anew
//!
//! A `Restartable` polls a future, and can be given a new one at any time, in the place of the old: for a second try after a
//! failure. It works in every test that looks at outputs. And it moves futures that were polled. Repair it.
//!
//! What is checked:
//!
//! 1. As before: the output is that of the future that is in it; each future hears the waker of the latest poll; `restarts`
//!    counts.
//! 2. As before: nothing is allocated. (A box around the future would keep it in its place; here it is to lie in the struct.)
//! 3. `Restartable` is `Unpin` if the future in it is, and only then. It is `Send` only if the future is.
//! 4. A future stays where it is from its first poll on, until it is dropped, also when a new one takes its place.
//! 5. As before: `restart` drops the old future before it returns. If that panics, nothing is dropped twice.
//!
//! Of methods of your own one thing is checked, by the signature: a public one that gets a `Pin` gives no `&mut` to the future. What
//! moves the future in another way is just as wrong, and nobody here calls it. Nor does anybody see what a `cfg` hides from this
//! build: an `impl Unpin` lies there as it does here.
//!
//! Settled: by hand or with `pin-project`. The signatures stay as they are.
//!
//! Read first: README.md, "An Unpin that lies". Do `projection` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise unsound_unpin`. Stuck: `cargo xtask hint unsound_unpin`.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that can be replaced by a new one while it is pinned.
#[must_use = "futures do nothing unless polled"]
pub struct Restartable<F> {
    future: F,
    restarts: usize,
}

// Without this, `get_mut` below does not compile.
impl<F> Unpin for Restartable<F> {}

impl<F: Future> Restartable<F> {
    /// Polls `future`, until it is replaced.
    pub fn new(future: F) -> Self {
        Self {
            future,
            restarts: 0,
        }
    }

    /// How often it was begun anew.
    pub fn restarts(&self) -> usize {
        self.restarts
    }

    /// Begins anew, with another future in the place of this one.
    pub fn restart(self: Pin<&mut Self>, future: F) {
        let this = self.get_mut();
        this.restarts += 1;
        drop(mem::replace(&mut this.future, future));
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        // SAFETY: the future lies in a struct that is pinned.
        unsafe { Pin::new_unchecked(&mut this.future) }.poll(cx)
    }
}
