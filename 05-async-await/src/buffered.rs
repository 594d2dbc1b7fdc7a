//! So many at once: the futures of a stream, run side by side, and their outputs in the stream's order.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::Stream;

use crate::sync::Arc;
use crate::woken::Woken;

/// Runs the futures of a stream, at most `most` at once, and gives their outputs in the stream's order.
///
/// # Panics
///
/// Panics if `most` is 0.
///
/// ```
/// use async_await::{buffered, next};
/// use futures::stream::iter;
///
/// let downloads = (1..=3).map(|number| async move { number * 10 });
/// let mut outputs = buffered(iter(downloads), 2);
/// executor::block_on(async {
///     assert_eq!(next(&mut outputs).await, Some(10));
///     assert_eq!(next(&mut outputs).await, Some(20));
///     assert_eq!(next(&mut outputs).await, Some(30));
///     assert_eq!(next(&mut outputs).await, None);
/// });
/// ```
pub fn buffered<S>(stream: S, most: usize) -> Buffered<S>
where
    S: Stream + Unpin,
    S::Item: Future,
{
    assert!(most > 0, "with none at once, none would ever run");
    Buffered {
        source: Some(stream),
        most,
        running: VecDeque::new(),
        first: 0,
        woken: Arc::new(Woken::default()),
    }
}

/// Made by [`buffered`].
#[must_use = "streams do nothing unless polled"]
pub struct Buffered<S: Stream<Item: Future>> {
    /// Until its end.
    source: Option<S>,
    /// How many may run at once.
    most: usize,
    /// Those that run, and those that are done and not given yet.
    running: VecDeque<Child<S::Item>>,
    /// The number of the first of them.
    first: usize,
    /// Which are to be polled.
    woken: Arc<Woken>,
}

enum Child<F: Future> {
    Runs { future: Pin<Box<F>>, waker: Waker },
    Done(F::Output),
}

// Only the source is pinned, and it may be moved. The futures have boxes of their own.
impl<S: Stream<Item: Future> + Unpin> Unpin for Buffered<S> {}

impl<S> Buffered<S>
where
    S: Stream + Unpin,
    S::Item: Future,
{
    /// Begins what may be begun. The back-pressure lies here: a source that is not asked makes nothing.
    fn fill(&mut self, cx: &mut Context<'_>) {
        while self.running.len() < self.most
            && let Some(source) = &mut self.source
            && let Poll::Ready(next) = Pin::new(source).poll_next(cx)
        {
            let Some(future) = next else {
                self.source = None;
                return;
            };
            let waker = self.woken.add(self.first + self.running.len());
            let future = Box::pin(future);
            self.running.push_back(Child::Runs { future, waker });
        }
    }
}

impl<S> Stream for Buffered<S>
where
    S: Stream + Unpin,
    S::Item: Future,
{
    type Item = <S::Item as Future>::Output;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.fill(cx);
        for number in this.woken.take(cx) {
            // A late wake may be for one that is gone.
            let place = number.checked_sub(this.first);
            if let Some(child) = place.and_then(|place| this.running.get_mut(place)) {
                child.poll();
            }
        }
        match this.running.pop_front() {
            Some(Child::Done(output)) => {
                this.first += 1;
                Poll::Ready(Some(output))
            }
            Some(child) => {
                this.running.push_front(child);
                Poll::Pending
            }
            None if this.source.is_none() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

impl<F: Future> Child<F> {
    fn poll(&mut self) {
        if let Self::Runs { future, waker } = self
            && let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker))
        {
            *self = Self::Done(output);
        }
    }
}

impl<S: Stream<Item: Future>> fmt::Debug for Buffered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffered")
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}
