//! Two futures at once, the naive version: their outputs are units.
//!
//! This is the `SimpleJoin` of *Asynchronous Programming in Rust*. It throws a finished child away,
//! and an output with it, so it works only where there is nothing to keep. [`Join`](crate::Join)
//! keeps what came first until the other is there.

use crate::{Poll, SimpleFuture};

/// Ready when both futures are.
///
/// Polled after `Ready`, it is `Ready` again: both children are gone, and a unit costs nothing.
///
/// ```
/// use simple_future::{Poll, SimpleFuture, SimpleJoin};
///
/// /// Ready at the last of so many polls.
/// struct After(u32);
///
/// impl SimpleFuture for After {
///     type Output = ();
///
///     fn poll(&mut self, wake: fn()) -> Poll<()> {
///         self.0 -= 1;
///         if self.0 == 0 {
///             return Poll::Ready(());
///         }
///         wake();
///         Poll::Pending
///     }
/// }
///
/// let mut both = SimpleJoin::new(After(1), After(2));
/// assert_eq!(both.poll(|| {}), Poll::Pending);
/// assert_eq!(both.poll(|| {}), Poll::Ready(()));
/// ```
pub struct SimpleJoin<A, B> {
    /// `None` once it is finished, so that it is not polled again.
    a: Option<A>,
    /// The same for the other child.
    b: Option<B>,
}

impl<A, B> SimpleJoin<A, B> {
    /// Joins two futures. Neither is polled before the join is.
    pub fn new(a: A, b: B) -> Self {
        SimpleJoin {
            a: Some(a),
            b: Some(b),
        }
    }
}

impl<A, B> SimpleFuture for SimpleJoin<A, B>
where
    A: SimpleFuture<Output = ()>,
    B: SimpleFuture<Output = ()>,
{
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        if let Some(a) = &mut self.a
            && let Poll::Ready(()) = a.poll(wake)
        {
            self.a = None;
        }
        // Whatever `a` answered: a child that is skipped registers no wake.
        if let Some(b) = &mut self.b
            && let Poll::Ready(()) = b.poll(wake)
        {
            self.b = None;
        }
        if self.a.is_none() && self.b.is_none() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
