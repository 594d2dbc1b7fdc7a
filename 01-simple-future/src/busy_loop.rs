//! The loop without wakes: it polls everything, all the time.
//!
//! *Asynchronous Programming in Rust* says that this is what would be left without `wake`. It gives
//! the right results and takes a whole core to do so. [`run_loop`](crate::run_loop()) is the better
//! one; the example `busy_vs_woken` measures both.

use crate::{Poll, SimpleFuture};

/// Runs all tasks to their end on this thread, and says how many polls that took.
///
/// The tasks get a wake that does nothing: nobody listens.
///
/// # Panics
///
/// If a task panics; the other tasks are dropped then.
///
/// ```
/// use simple_future::{Poll, SimpleFuture, busy_loop};
///
/// /// Ready at the last of so many polls, and never wakes anybody: a bug that this loop hides.
/// struct After(u32);
///
/// impl SimpleFuture for After {
///     type Output = ();
///
///     fn poll(&mut self, _wake: fn()) -> Poll<()> {
///         self.0 -= 1;
///         if self.0 == 0 { Poll::Ready(()) } else { Poll::Pending }
///     }
/// }
///
/// assert_eq!(busy_loop(vec![Box::new(After(3)), Box::new(After(1))]), 4);
/// ```
pub fn busy_loop(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>) -> u64 {
    let mut polls = 0;
    while !tasks.is_empty() {
        tasks.retain_mut(|task| {
            polls += 1;
            task.poll(|| {}) == Poll::Pending
        });
    }
    polls
}
