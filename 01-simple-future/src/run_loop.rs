//! The loop that polls only what was woken, and sleeps when nothing is.
//!
//! *Asynchronous Programming in Rust* gives this as the use of `wake`: without it everything would
//! have to be polled all the time, which is what [`busy_loop`](crate::busy_loop()) does.

use crate::{Poll, SimpleFuture, Wakes};

/// Runs all tasks to their end on this thread.
///
/// Every task is polled once at first, since a future does nothing before it is polled. After that a
/// task is polled only when it was woken, and the thread sleeps while none is. A wake during a poll
/// counts. A finished task is dropped at once, and a late wake for it is ignored.
///
/// Wakes are needed for as many tasks as there are: task `i` is polled with `wakes.wake_fn(i)`.
///
/// # Panics
///
/// If a task panics; the other tasks are dropped then. If `wakes` has too few wakes.
///
/// ```
/// use simple_future::{Poll, SimpleFuture, Slots, run_loop};
///
/// /// Ready at the last of so many polls.
/// struct After(u32);
///
/// impl SimpleFuture for After {
///     type Output = ();
///
///     fn poll(&mut self, wake: fn()) -> Poll<()> {
///         self.0 -= 1;
///         if self.0 == 0 {
///             return Poll::Ready(());
///         }
///         // From another thread: the wake may come at any moment, during this poll too.
///         std::thread::spawn(wake);
///         Poll::Pending
///     }
/// }
///
/// let slots = Slots::claim(2)?;
/// run_loop(vec![Box::new(After(3)), Box::new(After(1))], &slots);
/// # Ok::<(), simple_future::NoSlotLeft>(())
/// ```
pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut alive = tasks.len();
    // `None` once it is finished. The others keep their place, because the index is the wake's name.
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while alive > 0 {
        for (index, slot) in tasks.iter_mut().enumerate() {
            // Taken before the poll: a wake during the poll sets it again, and is not lost. Taken for
            // finished tasks too: a wake left behind would make every `sleep` return at once.
            let woken = wakes.take_woken(index) || first_round;
            let Some(task) = slot else { continue };
            if woken && task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                *slot = None;
                alive -= 1;
            }
        }
        first_round = false;
        if alive > 0 {
            // Returns at once if a task was woken during this round.
            wakes.sleep();
        }
    }
}
