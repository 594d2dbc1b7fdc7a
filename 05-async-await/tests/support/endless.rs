//! A stream that always has something.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures::Stream;

/// Gives 1, 2, 3 and so on. Before each value it calls the grader, with its number.
pub(crate) struct Endless<F> {
    given: usize,
    before_each: F,
}

impl<F: FnMut(usize)> Endless<F> {
    pub(crate) fn new(before_each: F) -> Self {
        Self {
            given: 0,
            before_each,
        }
    }
}

// Nothing in it is pinned.
impl<F> Unpin for Endless<F> {}

impl<F: FnMut(usize)> Stream for Endless<F> {
    type Item = usize;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<usize>> {
        self.given += 1;
        let given = self.given;
        (self.before_each)(given);
        Poll::Ready(Some(given))
    }
}
