//! Two futures at once, in one task.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Runs both, and gives both outputs when the last is there.
///
/// They take turns in this task; `left` is polled first. One that is done is not polled again. Nothing
/// is allocated: the two lie inside the future that this gives. Dropping that drops both.
///
/// ```
/// use std::time::Duration;
/// use async_await::join;
/// use reactor::{Runtime, sleep};
///
/// let mut runtime = Runtime::new().unwrap();
/// let left = async {
///     sleep(Duration::from_millis(10)).await;
///     1
/// };
/// let right = async {
///     sleep(Duration::from_millis(10)).await;
///     2
/// };
/// // After 10 ms, not 20.
/// assert_eq!(runtime.block_on(join(left, right)), (1, 2));
/// ```
pub async fn join<A: Future, B: Future>(left: A, right: B) -> (A::Output, B::Output) {
    let (mut left, mut right) = (pin!(left), pin!(right));
    let (mut first, mut second) = (None, None);
    poll_fn(move |cx| {
        poll_into(&mut first, left.as_mut(), cx);
        poll_into(&mut second, right.as_mut(), cx);
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

/// Polls a future that has no output yet.
fn poll_into<F: Future>(output: &mut Option<F::Output>, future: Pin<&mut F>, cx: &mut Context<'_>) {
    if output.is_none()
        && let Poll::Ready(ready) = future.poll(cx)
    {
        *output = Some(ready);
    }
}
