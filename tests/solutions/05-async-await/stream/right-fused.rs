// expect: pass with advice hogs-the-thread
//! The end is remembered by the `Fuse` of the `futures` crate, and `next` is a type of its own.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::stream::{Fuse, Stream, StreamExt};

pub fn next<S: Stream + Unpin>(stream: &mut S) -> Next<'_, S> {
    Next { stream }
}

#[must_use = "futures do nothing unless polled"]
pub struct Next<'a, S> {
    stream: &'a mut S,
}

impl<S: Stream + Unpin> Future for Next<'_, S> {
    type Output = Option<S::Item>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut *self.stream).poll_next(cx)
    }
}

pub fn map<S, T, F>(stream: S, change: F) -> Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    Map {
        stream: stream.fuse(),
        change,
    }
}

pub fn filter<S, F>(stream: S, keep: F) -> Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    Filter {
        stream: stream.fuse(),
        keep,
    }
}

#[must_use = "streams do nothing unless polled"]
pub struct Map<S, F> {
    stream: Fuse<S>,
    change: F,
}

#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    stream: Fuse<S>,
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
        let next = ready!(self.stream.poll_next_unpin(cx));
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
        while let Some(value) = ready!(self.stream.poll_next_unpin(cx)) {
            if (self.keep)(&value) {
                return Poll::Ready(Some(value));
            }
        }
        Poll::Ready(None)
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
