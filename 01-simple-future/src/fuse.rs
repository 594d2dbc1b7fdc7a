//! A future that may be polled after it was ready.
//!
//! *Programming Rust* (chapter 20) says that a future which has been ready may do anything when it
//! is polled again. A loop that polls several futures cannot always know which are finished; the
//! wrapper knows. The name is that of `Iterator::fuse` and of the `futures` crate's `fuse`.

use crate::{Poll, SimpleFuture};

/// Gives the inner future's output once, and is `Pending` for ever after.
///
/// The inner future is dropped as soon as it is ready, and is not touched again. The `Pending` after
/// that arranges no wake, since nothing will ever come: do not wait for a finished `Fuse` alone.
///
/// ```
/// use simple_future::{Fuse, Poll, SimpleFuture};
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
/// let mut once = Fuse::new(Now(7));
/// assert_eq!(once.poll(|| {}), Poll::Ready(7));
/// assert_eq!(once.poll(|| {}), Poll::Pending);
/// assert_eq!(once.poll(|| {}), Poll::Pending);
/// ```
pub struct Fuse<F> {
    /// `None` once it was ready: what is gone cannot be polled.
    inner: Option<F>,
}

impl<F: SimpleFuture> Fuse<F> {
    /// Wraps a future. It is not polled before the `Fuse` is.
    pub fn new(inner: F) -> Self {
        Fuse { inner: Some(inner) }
    }
}

impl<F: SimpleFuture> SimpleFuture for Fuse<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<F::Output> {
        let Some(inner) = &mut self.inner else {
            return Poll::Pending;
        };
        let polled = inner.poll(wake);
        if let Poll::Ready(_) = polled {
            self.inner = None;
        }
        polled
    }
}
