//! Two futures one after the other, the naive version: both are there from the start.
//!
//! This is the `AndThenFut` of *Asynchronous Programming in Rust*. It shows that a chain of futures
//! is a small state machine without a heap allocation. It also shows what is missing: the second
//! future cannot depend on what the first one gave, so the outputs are units.
//! [`AndThen`](crate::AndThen) makes the second from the first's output.

use crate::{Poll, SimpleFuture};

/// Runs `first` to its end, then `second`.
///
/// Polled after `Ready`, it polls `second` again, which may do anything.
///
/// ```
/// use simple_future::{AndThenFut, Poll, SimpleFuture};
///
/// struct Say(&'static str);
///
/// impl SimpleFuture for Say {
///     type Output = ();
///
///     fn poll(&mut self, _wake: fn()) -> Poll<()> {
///         println!("{}", self.0);
///         Poll::Ready(())
///     }
/// }
///
/// let mut both = AndThenFut::new(Say("first"), Say("second"));
/// assert_eq!(both.poll(|| {}), Poll::Ready(()));
/// ```
pub struct AndThenFut<A, B> {
    /// `None` once it is finished: that alone says which of the two is to be polled.
    first: Option<A>,
    /// Waits unpolled until `first` is gone, and takes its space all the while.
    second: B,
}

impl<A, B> AndThenFut<A, B> {
    /// Chains two futures. Neither is polled before the chain is.
    pub fn new(first: A, second: B) -> Self {
        AndThenFut {
            first: Some(first),
            second,
        }
    }
}

impl<A, B> SimpleFuture for AndThenFut<A, B>
where
    A: SimpleFuture<Output = ()>,
    B: SimpleFuture<Output = ()>,
{
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        if let Some(first) = &mut self.first {
            match first.poll(wake) {
                Poll::Ready(()) => self.first = None,
                Poll::Pending => return Poll::Pending,
            }
        }
        // Falls through from the first: a `Pending` here without this poll would have arranged no wake.
        self.second.poll(wake)
    }
}
