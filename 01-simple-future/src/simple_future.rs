//! The future of stage 01: a value that can be pushed forward, and that says when to push again.
//!
//! The idea and the names are those of *Asynchronous Programming in Rust*, which uses this trait to
//! lead up to `std::future::Future`.

/// What one push gave.
///
/// The counterpart of [`std::task::Poll`], kept separate so that the two traits are not confused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll<T> {
    /// The future is finished, and this is its output.
    Ready(T),
    /// The future waits for something, and has arranged for its wake to be called.
    Pending,
}

/// A computation that runs only while it is polled.
///
/// ```
/// use simple_future::{Poll, SimpleFuture};
///
/// /// Ready at the second poll, and says at once that there is a reason to poll again.
/// struct Yield(bool);
///
/// impl SimpleFuture for Yield {
///     type Output = &'static str;
///
///     fn poll(&mut self, wake: fn()) -> Poll<&'static str> {
///         if self.0 {
///             return Poll::Ready("done");
///         }
///         self.0 = true;
///         wake();
///         Poll::Pending
///     }
/// }
///
/// let mut future = Yield(false);
/// assert_eq!(future.poll(|| {}), Poll::Pending);
/// assert_eq!(future.poll(|| {}), Poll::Ready("done"));
/// ```
pub trait SimpleFuture {
    /// What the future gives in the end.
    type Output;

    /// Does as much as can be done without waiting.
    ///
    /// `Pending` is a promise: `wake` will be called once there is a reason to poll again. Only the
    /// `wake` of the latest poll counts. After `Ready` a future may do anything when polled again,
    /// a panic included, unless its own documentation says more: whoever polls it must not.
    fn poll(&mut self, wake: fn()) -> Poll<Self::Output>;
}

/// A future is polled through whatever owns it.
impl<F: SimpleFuture + ?Sized> SimpleFuture for Box<F> {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        (**self).poll(wake)
    }
}

/// Polling through a reference lets a combinator use a future that somebody else keeps.
impl<F: SimpleFuture + ?Sized> SimpleFuture for &mut F {
    type Output = F::Output;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        (**self).poll(wake)
    }
}
