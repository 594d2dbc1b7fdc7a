// expect: fail closure-order
//! Changes the value after the one that it gives, so that it is ready when it is asked for.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

pub fn map<S, T, F>(stream: S, change: F) -> Map<S, F, T>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    Map {
        stream,
        change,
        ahead: None,
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
pub struct Map<S, F, T> {
    stream: S,
    change: F,
    ahead: Option<T>,
    ended: bool,
}

#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    stream: S,
    keep: F,
    ended: bool,
}

impl<S: Unpin, F, T> Unpin for Map<S, F, T> {}
impl<S: Unpin, F> Unpin for Filter<S, F> {}

impl<S, T, F> Stream for Map<S, F, T>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        loop {
            let next = match this.ended {
                true => Poll::Ready(None),
                false => Pin::new(&mut this.stream).poll_next(cx),
            };
            match next {
                Poll::Ready(Some(value)) => {
                    let value = (this.change)(value);
                    if let Some(earlier) = this.ahead.replace(value) {
                        return Poll::Ready(Some(earlier));
                    }
                }
                Poll::Ready(None) => {
                    this.ended = true;
                    return Poll::Ready(this.ahead.take());
                }
                Poll::Pending if this.ahead.is_some() => return Poll::Ready(this.ahead.take()),
                Poll::Pending => return Poll::Pending,
            }
        }
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
}

impl<S, F, T> fmt::Debug for Map<S, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").finish_non_exhaustive()
    }
}

impl<S, F> fmt::Debug for Filter<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}
