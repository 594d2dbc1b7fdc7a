//! # Streams: values, one after the other
//!
//! A stream is to a future what an iterator is to a value. `poll_next` has three answers: here is one, not now,
//! and never again. `next` turns it into a future for one value, and adaptors stand on each other like those of
//! iterators. Two of them are enough to meet everything that can go wrong: `filter` has to do with values that
//! nobody wants, and both have to do with the end.
//!
//! What is checked:
//!
//! 1. `next` gives one value after the other, and `None` at the end. While there is none it waits, and the waker
//!    of its latest poll is woken. It takes a value in the very poll in which it gives it: dropped while it
//!    waits, it has taken nothing.
//! 2. `map` gives each value, changed; `filter` those that its closure wants. The closure sees each value once, in the
//!    order of the source, and not before somebody asks for a value.
//! 3. Nobody asks the source before the first poll, and nothing is taken from it that is not needed for the
//!    value that is asked for.
//! 4. A value that is thrown away is not a stall. The source has *answered*: it has promised no wake. After a
//!    `Pending` of the source there is nothing to do but to wait: nobody is woken while nothing happens, and no poll
//!    asks on and on.
//! 5. The end stays the end. After its source has said `None`, each of the two says `None` however often it is asked, and
//!    never asks the source again.
//!
//! Settled: to throw values away, go on in a loop, or wake yourself and answer `Pending`. A loop with no bound passes with a
//! remark: a source that always has one more, of a kind that nobody wants, would keep the thread for ever. Whether
//! the source is dropped at its end is yours, and so are the fields. `size_hint` need not be written; if it is, what
//! comes has to lie between its bounds.
//!
//! Read first: README.md, "Values, one after the other". Do `mpsc` before this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise stream`. Stuck: `cargo xtask hint stream`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

/// Waits for the next value. `None` is the end.
///
/// Cancellation: dropped before it is ready, it has taken nothing.
pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    todo!("a future for one value: how does a Context get into it?")
}

/// Each value, changed by `change`.
pub fn map<S, T, F>(stream: S, change: F) -> Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    todo!("a Map that has asked nothing yet")
}

/// The values that `keep` wants.
pub fn filter<S, F>(stream: S, keep: F) -> Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    todo!("a Filter that has asked nothing yet")
}

/// Made by [`map`].
#[must_use = "streams do nothing unless polled"]
pub struct Map<S, F> {
    stream: S,
    change: F,
    // What does it have to know about the end?
}

/// Made by [`filter`].
#[must_use = "streams do nothing unless polled"]
pub struct Filter<S, F> {
    stream: S,
    keep: F,
    // What does it have to know about the end?
}

// Only the streams are pinned, and they may be moved. (It lets you write `self.stream` in `poll_next`.)
impl<S: Unpin, F> Unpin for Map<S, F> {}
impl<S: Unpin, F> Unpin for Filter<S, F> {}

impl<S, T, F> Stream for Map<S, F>
where
    S: Stream + Unpin,
    F: FnMut(S::Item) -> T,
{
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        todo!("ask the stream; change what it gives; remember its end")
    }
}

impl<S, F> Stream for Filter<S, F>
where
    S: Stream + Unpin,
    F: FnMut(&S::Item) -> bool,
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        todo!("ask the stream; and what if its value is not wanted?")
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
