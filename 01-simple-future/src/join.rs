//! Two futures at once, in one value.
//!
//! *Asynchronous Programming in Rust* calls this "running multiple futures at once". There the two
//! outputs are `()`; here they are kept until both are there.

use crate::{Poll, SimpleFuture};

/// Ready when both futures are, with both outputs.
///
/// Nothing is allocated: the children and the output that came first lie in the `Join` itself.
///
/// # Panics
///
/// `poll` panics after `Ready`: the outputs have been given away.
///
/// ```
/// use simple_future::{Join, Poll, SimpleFuture};
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
/// assert_eq!(Join::new(Now(1), Now(2)).poll(|| {}), Poll::Ready((1, 2)));
/// ```
pub struct Join<A: SimpleFuture, B: SimpleFuture> {
    /// The first of the output's pair.
    left: Half<A>,
    /// The second of the output's pair.
    right: Half<B>,
}

/// One child, or what is left of it.
enum Half<F: SimpleFuture> {
    /// Not finished: to be polled.
    Running(F),
    /// Finished and dropped: its output waits for the other half, and must not be polled.
    Done(F::Output),
    /// The output has been given away.
    Taken,
}

impl<A: SimpleFuture, B: SimpleFuture> Join<A, B> {
    /// Joins two futures. Neither is polled before the `Join` is.
    pub fn new(left: A, right: B) -> Self {
        Join {
            left: Half::Running(left),
            right: Half::Running(right),
        }
    }
}

impl<A: SimpleFuture, B: SimpleFuture> SimpleFuture for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        // Both are polled, always: a child that is skipped registers no wake.
        let left_done = self.left.advance(wake);
        let right_done = self.right.advance(wake);
        if left_done && right_done {
            Poll::Ready((self.left.take(), self.right.take()))
        } else {
            Poll::Pending
        }
    }
}

impl<F: SimpleFuture> Half<F> {
    /// Polls the child if it is still running, and says whether its output is there.
    fn advance(&mut self, wake: fn()) -> bool {
        if let Half::Running(child) = self
            && let Poll::Ready(output) = child.poll(wake)
        {
            *self = Half::Done(output);
        }
        !matches!(self, Half::Running(_))
    }

    /// Gives the output away.
    fn take(&mut self) -> F::Output {
        match std::mem::replace(self, Half::Taken) {
            Half::Done(output) => output,
            Half::Running(_) => unreachable!("taken only when both halves are done"),
            Half::Taken => panic!("Join was polled after it was ready"),
        }
    }
}
