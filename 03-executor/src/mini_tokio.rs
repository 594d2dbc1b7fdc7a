//! The first executor of Tokio's tutorial: it polls everything, in a circle, all the time.
//!
//! It is the simplest executor there is, and its results are right. But it has no wakers, so it
//! cannot know which task has anything to do, or that none has: it asks every task again and again,
//! and uses a whole processor to wait for a timer. `examples/circle_vs_woken.rs` measures that.
//!
//! The tutorial's second version sends woken tasks through a channel. That is `book_executor.rs`,
//! whose idea it took over. What it adds is a `spawn` that finds its executor through a thread-local
//! variable. This one has it too, as [`spawn`]; that of the runtimes here is [`crate::spawn`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Waker};

use crate::enter::enter;

/// An executor that polls its tasks in turn until all are done, asleep never.
///
/// ```
/// use executor::mini_tokio::{self, MiniTokio};
///
/// let mut mini_tokio = MiniTokio::new();
/// mini_tokio.spawn(async {
///     mini_tokio::spawn(async { println!("a task of a task") });
/// });
/// assert_eq!(mini_tokio.run(), 2);
/// ```
#[derive(Default)]
pub struct MiniTokio {
    /// All that are not done. The first is polled next.
    tasks: VecDeque<LocalTask>,
}

/// It need not be `Send`: without wakers no other thread can ever reach it.
type LocalTask = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Where [`spawn`] leaves its tasks, while an executor runs on this thread.
    static SPAWNED: RefCell<Option<Vec<LocalTask>>> = const { RefCell::new(None) };
}

/// Spawns a task on the [`MiniTokio`] that runs on this thread.
///
/// # Panics
///
/// If none does.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    let spawned = SPAWNED.with_borrow_mut(|spawned| {
        spawned
            .as_mut()
            .map(|spawned| spawned.push(Box::pin(future)))
    });
    spawned.expect("`mini_tokio::spawn` is called in a task of a `MiniTokio`");
}

impl MiniTokio {
    /// An executor without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a task.
    pub fn spawn(&mut self, future: impl Future<Output = ()> + 'static) {
        self.tasks.push_back(Box::pin(future));
    }

    /// Polls everything in turn until all is done. Returns how many polls that took.
    pub fn run(&mut self) -> u64 {
        let _entered = enter("run");
        let _running = Running::new();
        let mut polls = 0;
        // A waker that does nothing: all tasks are polled anyway.
        let mut cx = Context::from_waker(Waker::noop());
        while let Some(mut task) = self.tasks.pop_front() {
            polls += 1;
            if task.as_mut().poll(&mut cx).is_pending() {
                self.tasks.push_back(task);
            }
            self.tasks.extend(Running::take_spawned());
        }
        polls
    }
}

/// Makes [`spawn`] work on this thread until it is dropped.
struct Running;

impl Running {
    fn new() -> Self {
        SPAWNED.set(Some(Vec::new()));
        Self
    }

    fn take_spawned() -> Vec<LocalTask> {
        SPAWNED.with_borrow_mut(|spawned| spawned.as_mut().map(std::mem::take).unwrap_or_default())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What a task has spawned before it panicked is dropped after the variable is free again.
        let left = SPAWNED.take();
        drop(left);
    }
}

impl fmt::Debug for MiniTokio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniTokio")
            .field("tasks", &self.tasks.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::task::Poll;

    use super::*;
    use crate::yield_now;

    #[test]
    fn polls_everything_in_a_circle_whether_it_was_woken_or_not() {
        let mut executor = MiniTokio::new();
        let ready = Rc::new(Cell::new(false));
        let ours = Rc::clone(&ready);
        executor.spawn(std::future::poll_fn(move |_| {
            if ours.get() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
        executor.spawn(async move {
            yield_now().await;
            yield_now().await;
            ready.set(true);
        });
        // Nobody wakes the first one; it is asked four times all the same.
        assert_eq!(executor.run(), 4 + 3);
    }
}
