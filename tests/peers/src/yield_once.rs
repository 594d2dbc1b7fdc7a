//! The yield that every runtime is measured with.

use std::future;
use std::task::Poll;

/// Pending once, woken by itself. tokio's own `yield_now` would hold the wake back until the driver
/// has been asked: a choice of tokio's, which this leaves out of the comparison.
pub async fn yield_once() {
    let mut yielded = false;
    future::poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
