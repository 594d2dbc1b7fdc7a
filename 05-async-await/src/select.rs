//! Whichever comes first: `select`, which gives the other one back, and `race`, which drops it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Which of two futures came first, and the other one, which has not lost anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    /// The left one.
    Left(L),
    /// The right one.
    Right(R),
}

/// Waits for whichever is ready first, and gives the other one back.
///
/// `left` is polled first: if both are ready in the same poll, it wins. So in a loop, a left side that
/// is always ready keeps the right one waiting for ever; put what must not starve on the left.
///
/// ```
/// use async_await::{Either, select};
/// use std::pin::pin;
///
/// executor::block_on(async {
///     let never = pin!(std::future::pending::<()>());
///     let Either::Right((answer, _never)) = select(never, pin!(async { 42 })).await else {
///         unreachable!("the left one is never ready");
///     };
///     assert_eq!(answer, 42);
/// });
/// ```
pub fn select<A, B>(left: A, right: B) -> Select<A, B>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    Select {
        both: Some((left, right)),
    }
}

/// Made by [`select`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Select<A, B> {
    /// Until one is ready.
    both: Option<(A, B)>,
}

impl<A: Future + Unpin, B: Future + Unpin> Future for Select<A, B> {
    type Output = Either<(A::Output, B), (B::Output, A)>;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (mut left, mut right) = (self.both.take()).expect("polled after it was ready");
        if let Poll::Ready(output) = Pin::new(&mut left).poll(cx) {
            return Poll::Ready(Either::Left((output, right)));
        }
        if let Poll::Ready(output) = Pin::new(&mut right).poll(cx) {
            return Poll::Ready(Either::Right((output, left)));
        }
        self.both = Some((left, right));
        Poll::Pending
    }
}

/// Waits for whichever is ready first, and drops the other one.
///
/// `left` is polled first. What the other one has taken and not given yet goes with it: race only
/// what may be dropped at any time.
///
/// ```
/// use async_await::race;
///
/// let winner = executor::block_on(race(std::future::pending(), async { "the right one" }));
/// assert_eq!(winner, "the right one");
/// ```
pub async fn race<T>(left: impl Future<Output = T>, right: impl Future<Output = T>) -> T {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|cx| match left.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(output),
        Poll::Pending => right.as_mut().poll(cx),
    })
    .await
}
