// expect: fail stale-waker
//! It polls its futures with the waker of the first poll.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use pin_project::pin_project;

/// A future that can be replaced by a new one while it is pinned.
#[pin_project]
#[must_use = "futures do nothing unless polled"]
pub struct Restartable<F> {
    #[pin]
    future: F,
    restarts: usize,
    waker: Option<Waker>,
}

impl<F: Future> Restartable<F> {
    /// Polls `future`, until it is replaced.
    pub fn new(future: F) -> Self {
        Self {
            future,
            restarts: 0,
            waker: None,
        }
    }

    /// How often it was begun anew.
    pub fn restarts(&self) -> usize {
        self.restarts
    }

    /// Begins anew, with another future in the place of this one.
    pub fn restart(self: Pin<&mut Self>, future: F) {
        let mut this = self.project();
        *this.restarts += 1;
        this.future.set(future);
    }
}

impl<F: Future> Future for Restartable<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let waker = this.waker.get_or_insert_with(|| cx.waker().clone());
        this.future.poll(&mut Context::from_waker(waker))
    }
}
