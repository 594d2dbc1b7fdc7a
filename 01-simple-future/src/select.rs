//! Whichever of two futures is first, and the other one handed back.
//!
//! The counterpart of joining in *Asynchronous Programming in Rust*. The `futures` crate's `select`
//! has the same shape: the loser is not finished, so it is given back and not thrown away.

use crate::{Either, Poll, SimpleFuture};

/// Ready when the first of the two futures is, with its output and the future that lost.
///
/// The left one is polled first, so it wins when both are ready. The right one is not polled in the
/// poll that the left one wins: if it were ready too, its output would be lost.
///
/// # Panics
///
/// `poll` panics after `Ready`: both futures have been given away.
///
/// ```
/// use simple_future::{Either, Poll, Select, SimpleFuture};
///
/// /// Ready at the last of so many polls, with a name.
/// struct After(u32, &'static str);
///
/// impl SimpleFuture for After {
///     type Output = &'static str;
///
///     fn poll(&mut self, wake: fn()) -> Poll<&'static str> {
///         self.0 -= 1;
///         if self.0 == 0 {
///             return Poll::Ready(self.1);
///         }
///         wake();
///         Poll::Pending
///     }
/// }
///
/// let mut select = Select::new(After(3, "tortoise"), After(1, "hare"));
/// let Poll::Ready(Either::Right((mut slow, winner))) = select.poll(|| {}) else {
///     panic!("the right future is ready at its first poll");
/// };
/// assert_eq!(winner, "hare");
/// assert_eq!(slow.poll(|| {}), Poll::Pending);
/// assert_eq!(slow.poll(|| {}), Poll::Ready("tortoise"));
/// ```
pub struct Select<A, B> {
    /// Both futures, until one is ready: then one is dropped and one is given back.
    both: Option<(A, B)>,
}

impl<A, B> Select<A, B> {
    /// Lets two futures compete. Neither is polled before the `Select` is.
    pub fn new(left: A, right: B) -> Self {
        Select {
            both: Some((left, right)),
        }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Select<A, B> {
    type Output = Either<(A::Output, B), (A, B::Output)>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let Some((left, right)) = &mut self.both else {
            panic!("Select was polled after it was ready");
        };
        let winner = if let Poll::Ready(output) = left.poll(wake) {
            Either::Left(output)
        } else if let Poll::Ready(output) = right.poll(wake) {
            Either::Right(output)
        } else {
            return Poll::Pending;
        };
        let (left, right) = self.both.take().expect("both have just been polled");
        Poll::Ready(match winner {
            Either::Left(output) => Either::Left((output, right)),
            Either::Right(output) => Either::Right((left, output)),
        })
    }
}
