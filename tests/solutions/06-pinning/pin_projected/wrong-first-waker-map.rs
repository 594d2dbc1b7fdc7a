// expect: fail stale-waker
//! `Map` polls its future with the waker of the first poll.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use pin_project::pin_project;
use reactor::Sleep;

use crate::TimedOut;

/// Gives `future` as long as `duration`, counted from this call.
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F, Sleep> {
    Timeout::new(future, Sleep::new(duration))
}

/// A future's output, or [`TimedOut`] if `over` was ready first.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Timeout<F, S> {
    #[pin]
    future: F,
    #[pin]
    over: S,
}

impl<F: Future, S: Future<Output = ()>> Timeout<F, S> {
    /// Gives `future` until `over` is ready.
    pub fn new(future: F, over: S) -> Self {
        Self { future, over }
    }
}

impl<F: Future, S: Future<Output = ()>> Future for Timeout<F, S> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        this.over.poll(cx).map(|()| Err(TimedOut))
    }
}

/// A future whose output goes through a function.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Map<F, G> {
    #[pin]
    future: F,
    /// Until it has been called.
    function: Option<G>,
    waker: Option<Waker>,
}

impl<F: Future, G: FnOnce(F::Output) -> T, T> Map<F, G> {
    /// Calls `function` with the output of `future`, once it is there.
    pub fn new(future: F, function: G) -> Self {
        Self {
            future,
            function: Some(function),
            waker: None,
        }
    }
}

impl<F: Future, G: FnOnce(F::Output) -> T, T> Future for Map<F, G> {
    type Output = T;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let waker = this.waker.get_or_insert_with(|| cx.waker().clone());
        let output = ready!(this.future.poll(&mut Context::from_waker(waker)));
        let function = this.function.take().expect("polled after it was ready");
        Poll::Ready(function(output))
    }
}

/// A future, and then another that is made from its output.
///
/// The first is dropped before the second is polled, and the second lies where the first has lain.
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Then<F, G, H> {
    #[pin]
    place: Place<F, H>,
    /// Makes the second; until it has been called.
    make: Option<G>,
}

/// Room for one of two futures.
#[pin_project(project = PlaceProjected)]
#[derive(Debug)]
enum Place<F, H> {
    First(#[pin] F),
    Second(#[pin] H),
}

impl<F: Future, G: FnOnce(F::Output) -> H, H: Future> Then<F, G, H> {
    /// `future`, and then what `make` makes of its output.
    pub fn new(future: F, make: G) -> Self {
        Self {
            place: Place::First(future),
            make: Some(make),
        }
    }
}

impl<F: Future, G: FnOnce(F::Output) -> H, H: Future> Future for Then<F, G, H> {
    type Output = H::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        let mut this = self.project();
        loop {
            match this.place.as_mut().project() {
                PlaceProjected::First(future) => {
                    let output = ready!(future.poll(cx));
                    let make = this.make.take().expect("the first is ready only once");
                    // `set` drops the first where it lies, and puts the second there.
                    this.place.set(Place::Second(make(output)));
                }
                PlaceProjected::Second(future) => return future.poll(cx),
            }
        }
    }
}
