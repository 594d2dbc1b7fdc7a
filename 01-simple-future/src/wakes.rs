//! The seam between a loop and the wakes it hands out.
//!
//! A loop that polls only what was woken has to know *which* task a wake was for. How that is found
//! out is not the loop's business: [`Slots`](crate::Slots) does it with eight functions, a test can
//! do it with its own.

/// Where a loop gets the wakes of its tasks, and hears of them.
///
/// `task` is the task's index in the loop, from 0.
///
/// A wake that nobody asked for is allowed, so this is an implementation too, if a poor one. It makes
/// [`run_loop`](crate::run_loop()) poll everything all the time:
///
/// ```
/// use simple_future::{Poll, SimpleFuture, Wakes, run_loop};
///
/// struct AlwaysWoken;
///
/// impl Wakes for AlwaysWoken {
///     fn wake_fn(&self, _task: usize) -> fn() {
///         || {}
///     }
///
///     fn take_woken(&self, _task: usize) -> bool {
///         true
///     }
///
///     fn sleep(&self) {}
/// }
///
/// /// Ready at the last of so many polls, and never wakes anybody.
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
/// run_loop(vec![Box::new(After(3))], &AlwaysWoken);
/// ```
pub trait Wakes {
    /// The wake to poll a task with. It may be called from any thread, any number of times.
    ///
    /// # Panics
    ///
    /// May panic for a task that there is no wake for.
    fn wake_fn(&self, task: usize) -> fn();

    /// Says whether the task was woken since the last call, and forgets it.
    ///
    /// May say yes once for a wake that was meant for somebody else: such a wake is spurious, and costs a
    /// poll that finds nothing.
    fn take_woken(&self, task: usize) -> bool;

    /// Blocks the thread until one of the tasks is woken. Returns at once if one is woken already.
    ///
    /// May return without a reason (spuriously): ask [`take_woken`](Wakes::take_woken) each time. A wake
    /// stays until it is taken, so a wake that nobody takes makes every later `sleep` return at once.
    fn sleep(&self);
}
