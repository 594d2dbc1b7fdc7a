//! # Task: what a waker wakes
//!
//! An executor does not hold futures: it holds tasks. A task owns its future, and a waker is a reference to
//! the task. A wake says where the task goes: `schedule` is called with a [`Runnable`], the right to poll the
//! task once. Write what lies between the wake and the poll.
//!
//! What is checked:
//!
//! 1. `spawn` polls nothing and calls nothing. The task counts as queued from then on: the caller has its
//!    first `Runnable`.
//! 2. `Runnable::run` polls once. It says Ready when the task is over, and else Pending. Whatever ends the
//!    task goes to the handle, by one call of [`JoinState::finish`]: the output, or a [`JoinError`].
//! 3. A wake calls `schedule`, once: until the task is run, more wakes do nothing. Nothing else queues it.
//! 4. A wake during the poll is kept: the task is queued again, during that poll or after it.
//! 5. The future is never polled after Ready or a panic, however late a wake comes, and never by two threads at
//!    once. A wake is not lost although a second worker comes to run the task before the first poll is over.
//! 6. The future is dropped as soon as the task is over, also while others hold wakers of it, and also if
//!    it holds one itself.
//! 7. A panic does not come out of `run`: neither one in the poll nor one in the future's drop.
//! 8. [`Joinable::abort`] queues the task. The next `run` drops the future without a poll, and the result is
//!    `Cancelled`. `abort` itself drops nothing. Aborted during its poll, a task that answers Pending is over
//!    at once, or after one more `run`. For a task that is over, `abort` comes too late.
//! 9. A `Runnable` that is dropped unrun cancels its task. That can happen anywhere, also inside `schedule`
//!    during a poll; it waits for nothing.
//! 10. Nothing is left of a task that is over, or that nobody can wake, when its handle and its wakers are gone.
//!
//! Settled: a wake after the end may queue the task, if the `run` that follows says Ready. The future may be
//! dropped before the result is published or after it. A task that is aborted in the very poll that
//! answers Ready may end either way. Take `Arc`, `Mutex` and the atomics from `crate::sync`: they are those of
//! std, and the check puts its own there to come exactly between two steps.
//!
//! Read first: README.md, "A task is what a waker wakes" and "Queued once"; `src/joinable.rs`. Do `block_on`
//! before this. About 60 minutes.
//!
//! Check: `cargo xtask check-stage 3 --exercise task`. Stuck: `cargo xtask hint task`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::sync::{Arc, Mutex};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

/// Makes a task of a future. `schedule` is called with the `Runnable` whenever the task is to run.
///
/// The task counts as queued when this returns: the caller queues, runs or drops the `Runnable`.
pub fn spawn<F, S>(future: F, schedule: S) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    todo!("one Arc of a task: the `Runnable` has it, and `JoinHandle::new` takes another")
}

/// A task that is to be polled. There is at most one of each task at a time.
pub struct Runnable {
    /// The task, until it is run or dropped. Behind a trait, so that one queue holds tasks of all types.
    task: Option<Arc<dyn Run>>,
}

impl Runnable {
    /// Polls the task once; `Ready` when it is over: finished, panicked or aborted.
    pub fn run(mut self) -> Poll<()> {
        todo!("take the task, so that `drop` finds none, and run it")
    }

    /// A waker of the task.
    #[must_use]
    pub fn waker(&self) -> Waker {
        todo!("`Waker::from` takes an Arc of what implements `Wake`")
    }
}

impl Drop for Runnable {
    fn drop(&mut self) {
        // Not run? Then nobody will poll this task any more.
    }
}

impl fmt::Debug for Runnable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runnable").finish_non_exhaustive()
    }
}

/// What a `Runnable` needs of its task, whatever the type of the future.
trait Run: Send + Sync {
    fn run(self: Arc<Self>) -> Poll<()>;
    // What else?
}

struct Task<F: Future, S> {
    /// Where the task goes when it is woken.
    schedule: S,
    /// Where its handle finds the result.
    join: JoinState<F::Output>,
    // The future, in a `Pin<Box<F>>`. Is it queued? Is it being polled? Is it to end?
}

impl<F, S> Run for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn run(self: Arc<Self>) -> Poll<()> {
        todo!("poll with a waker of this task; then see what has come meanwhile")
    }
}

impl<F, S> Wake for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn wake(self: Arc<Self>) {
        todo!("queue the task, unless it is queued")
    }
}

impl<F, S> Joinable<F::Output> for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn join_state(&self) -> &JoinState<F::Output> {
        &self.join
    }

    fn abort(self: Arc<Self>) {
        todo!("leave a mark, and see to it that the task is run once more")
    }
}
