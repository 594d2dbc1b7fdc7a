//! Many values, one after the other: what can be made of a stream.
//!
//! A stream is to a future what an iterator is to a value, and `poll_next` has three answers: here is
//! one, not now, and never again. After "never again" these ask no more: a source may panic then, or
//! begin anew.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

/// How many values may be thrown away in one poll. A stream that always has one, of a kind that nobody
/// wants, would otherwise keep the thread for ever.
const MOST_IN_A_POLL: usize = 64;

/// Waits for the next value. `None` is the end.
///
/// Cancellation: dropped before it is ready, it has taken nothing.
///
/// ```
/// use async_await::{mpsc, next};
///
/// let (sender, mut receiver) = mpsc::channel(2);
/// sender.try_send("one").unwrap();
/// drop(sender);
/// executor::block_on(async {
///     assert_eq!(next(&mut receiver).await, Some("one"));
///     assert_eq!(next(&mut receiver).await, None);
/// });
/// ```
pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

/// Each value, changed by `change`.
///
/// ```
/// use std::time::Duration;
/// use async_await::{map, next};
/// use reactor::{Runtime, interval};
///
/// let mut ticks = 0;
/// let mut numbers = map(interval(Duration::from_millis(1)), |_| {
///     ticks += 1;
///     ticks
/// });
/// Runtime::new().unwrap().block_on(async {
///     assert_eq!(next(&mut numbers).await, Some(1));
///     assert_eq!(next(&mut numbers).await, Some(2));
/// });
/// ```
pub fn map<S, T, F>(stream: S, change: F) -> Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    Map {
        source: Some(stream),
        change,
    }
}

/// The values that `keep` wants.
///
/// ```
/// use async_await::{filter, map, next};
/// use futures::stream::iter;
///
/// let even = filter(iter(1..=6), |number| number % 2 == 0);
/// let mut squares = map(even, |number| number * number);
/// executor::block_on(async {
///     assert_eq!(next(&mut squares).await, Some(4));
///     assert_eq!(next(&mut squares).await, Some(16));
/// });
/// ```
pub fn filter<S, F>(stream: S, keep: F) -> Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    Filter {
        source: Some(stream),
        keep,
    }
}

/// Made by [`map`].
#[must_use = "streams do nothing unless polled"]
pub struct Map<S, F> {
    /// Until its end.
    source: Option<S>,
    change: F,
}

/// Made by [`filter`].
#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    /// Until its end.
    source: Option<S>,
    keep: F,
}

// Only the sources are pinned, and they may be moved.
impl<S: Unpin, F> Unpin for Map<S, F> {}
impl<S: Unpin, F> Unpin for Filter<S, F> {}

/// The next value of a source, which is dropped at its end.
fn poll_source<S: Stream + Unpin>(
    source: &mut Option<S>,
    cx: &mut Context<'_>,
) -> Poll<Option<S::Item>> {
    let Some(stream) = source else {
        return Poll::Ready(None);
    };
    let next = ready!(Pin::new(stream).poll_next(cx));
    if next.is_none() {
        *source = None;
    }
    Poll::Ready(next)
}

impl<S, T, F> Stream for Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let next = ready!(poll_source(&mut self.source, cx));
        Poll::Ready(next.map(&mut self.change))
    }
}

impl<S, F> Stream for Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        for _ in 0..MOST_IN_A_POLL {
            match ready!(poll_source(&mut self.source, cx)) {
                Some(value) if (self.keep)(&value) => return Poll::Ready(Some(value)),
                // Not `Pending`: the source has promised no wake.
                Some(_) => {}
                None => return Poll::Ready(None),
            }
        }
        // This promises the wake itself.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S, F> fmt::Debug for Map<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").finish_non_exhaustive()
    }
}

impl<S, F> fmt::Debug for Filter<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}
