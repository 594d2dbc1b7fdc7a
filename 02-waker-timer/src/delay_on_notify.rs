//! A delay without a waker in sight: the last step of Tokio's "Async in depth".
//!
//! All that `delay.rs` does by hand (keep the latest waker, look again, let go when dropped) is
//! what `Notify` does anyway. Most futures are best written like this, from futures that exist.

use std::sync::Arc;
use std::time::Duration;

use crate::Notify;
use crate::clock;

/// Waits for `duration`, counted from the first poll.
///
/// It is an `async fn`: before its first poll neither the clock runs nor does anything wait.
/// [`TimerFuture`] starts both when it is made; [`Delay`] fixes its end when it is made, and waits
/// from the first poll on.
///
/// [`Duration::MAX`] never ends. Polled again after `Ready`, it panics, as every `async fn` does.
///
/// [`TimerFuture`]: crate::TimerFuture
/// [`Delay`]: crate::Delay
///
/// # Panics
///
/// The first poll panics if the operating system has no thread left to give.
///
/// ```
/// use std::time::Duration;
/// use waker_timer::delay_on_notify;
///
/// futures::executor::block_on(delay_on_notify(Duration::from_millis(5)));
/// ```
pub async fn delay_on_notify(duration: Duration) {
    let over = Arc::new(Notify::new());
    let in_callback = Arc::clone(&over);
    clock::ring_after(duration, move || in_callback.notify_one());
    // If the ring came first, its permit is stored: there is no moment in which it could be missed.
    over.notified().await;
}
