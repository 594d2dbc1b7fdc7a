// expect: pass
//! The source lies in an `Option` that is empty after the end, and both adaptors are one loop in a function of their own.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

pub fn map<S, T, F>(stream: S, change: F) -> Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    Map {
        stream: Some(stream),
        change,
    }
}

pub fn filter<S, F>(stream: S, keep: F) -> Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    Filter {
        stream: Some(stream),
        keep,
    }
}

#[must_use = "streams do nothing unless polled"]
pub struct Map<S, F> {
    stream: Option<S>,
    change: F,
}

#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    stream: Option<S>,
    keep: F,
}

impl<S: Unpin, F> Unpin for Map<S, F> {}
impl<S: Unpin, F> Unpin for Filter<S, F> {}

impl<S, T, F> Stream for Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Self { stream, change } = &mut *self;
        poll_some(stream, cx, |value| Some(change(value)))
    }
}

impl<S, F> Stream for Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { stream, keep } = &mut *self;
        poll_some(stream, cx, |value| keep(&value).then_some(value))
    }
}

/// The first value of which `make` makes something.
fn poll_some<S: Stream + Unpin, T>(
    stream: &mut Option<S>,
    cx: &mut Context<'_>,
    mut make: impl FnMut(S::Item) -> Option<T>,
) -> Poll<Option<T>> {
    for _ in 0..100 {
        let Some(source) = stream else {
            return Poll::Ready(None);
        };
        match ready!(Pin::new(source).poll_next(cx)).map(&mut make) {
            Some(Some(value)) => return Poll::Ready(Some(value)),
            Some(None) => {}
            None => *stream = None,
        }
    }
    cx.waker().wake_by_ref();
    Poll::Pending
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
