//! Whichever of two futures is first, and the other one cancelled.
//!
//! To cancel a future is to drop it. [`Select`] leaves that to its caller; a race does it at once.

use crate::{Either, Poll, Select, SimpleFuture};

/// Ready when the first of the two futures is, with its output. The loser is dropped.
///
/// The left one is polled first, and wins when both are ready.
///
/// # Panics
///
/// `poll` panics after `Ready`: both futures are gone.
///
/// ```
/// use simple_future::{Poll, Race, SimpleFuture};
///
/// struct Now(u32);
///
/// impl SimpleFuture for Now {
///     type Output = u32;
///
///     fn poll(&mut self, _wake: fn()) -> Poll<u32> {
///         Poll::Ready(self.0)
///     }
/// }
///
/// struct Never;
///
/// impl SimpleFuture for Never {
///     type Output = u32;
///
///     fn poll(&mut self, _wake: fn()) -> Poll<u32> {
///         Poll::Pending
///     }
/// }
///
/// assert_eq!(Race::new(Never, Now(2)).poll(|| {}), Poll::Ready(2));
/// ```
pub struct Race<A, B> {
    /// Finds the winner. What it hands back with the winner's output is dropped.
    select: Select<A, B>,
}

impl<A, B> Race<A, B> {
    /// Lets two futures compete. Neither is polled before the `Race` is.
    pub fn new(left: A, right: B) -> Self {
        Race {
            select: Select::new(left, right),
        }
    }
}

impl<A, B> SimpleFuture for Race<A, B>
where
    A: SimpleFuture,
    B: SimpleFuture<Output = A::Output>,
{
    type Output = A::Output;

    fn poll(&mut self, wake: fn()) -> Poll<A::Output> {
        match self.select.poll(wake) {
            Poll::Ready(Either::Left((output, _loser))) => Poll::Ready(output),
            Poll::Ready(Either::Right((_loser, output))) => Poll::Ready(output),
            Poll::Pending => Poll::Pending,
        }
    }
}
