// expect: fail false-hint
//! A filter that says what its source says: as many as there are, wanted or not.

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
        stream,
        change,
        ended: false,
    }
}

pub fn filter<S, F>(stream: S, keep: F) -> Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    Filter {
        stream,
        keep,
        ended: false,
    }
}

#[must_use = "streams do nothing unless polled"]
pub struct Map<S, F> {
    stream: S,
    change: F,
    ended: bool,
}

#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    stream: S,
    keep: F,
    ended: bool,
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
        if self.ended {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.stream).poll_next(cx));
        self.ended = next.is_none();
        Poll::Ready(next.map(&mut self.change))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S, F> Stream for Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        for _ in 0..32 {
            match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(value) if (self.keep)(&value) => return Poll::Ready(Some(value)),
                Some(_) => {}
                None => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
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
