//! A future that is given a time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{error, fmt, io};

use crate::Sleep;

/// Gives `future` as long as `duration`, counted from this call.
///
/// ```
/// use std::time::Duration;
/// use reactor::{Runtime, sleep, timeout};
///
/// let mut runtime = Runtime::new().unwrap();
/// let quick = runtime.block_on(timeout(Duration::from_secs(60), async { "quick" }));
/// assert_eq!(quick, Ok("quick"));
/// let slow = runtime.block_on(timeout(Duration::from_millis(1), sleep(Duration::MAX)));
/// assert!(slow.is_err());
/// ```
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F> {
    Timeout {
        future: Box::pin(future),
        sleep: Sleep::new(duration),
    }
}

/// A future's output, or [`Elapsed`] if the time was over first.
///
/// The future is polled before the time is looked at: one that is ready in time is never thrown
/// away because its task was polled late. When the time is over, the future is still there, and is
/// dropped together with this.
#[must_use = "futures do nothing unless polled"]
pub struct Timeout<F> {
    /// In a box: a future must not be moved once it was polled, and this can be.
    future: Pin<Box<F>>,
    /// The time that it has.
    sleep: Sleep,
}

/// The time was over before the future was ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed {
    _private: (),
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        let over = Pin::new(&mut self.sleep).poll(cx);
        over.map(|()| Err(Elapsed { _private: () }))
    }
}

impl<F> fmt::Debug for Timeout<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timeout")
            .field("sleep", &self.sleep)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is over")
    }
}

impl error::Error for Elapsed {}

impl From<Elapsed> for io::Error {
    fn from(elapsed: Elapsed) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, elapsed)
    }
}
