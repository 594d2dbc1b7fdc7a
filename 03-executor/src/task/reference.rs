//! References to a task whose type is not known: one pointer each, to the start of the task.
//!
//! They are half as big as an `Arc<dyn …>` or a [`Waker`]: so are an executor's queue and its register
//! of tasks, and what it adds to a [`Runnable`] still goes through the processor's registers.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Poll, Waker};

use super::{Polled, Task};
use crate::JoinError;

/// A task that is to be polled. There is at most one of each task at a time, and who has it owns
/// the future. Dropped, it takes the future with it: the task is cancelled.
pub struct Runnable {
    task: Reference,
}

/// A task that waits, for whoever has to know all tasks: it can be woken, and that is all. A small
/// waker.
pub(crate) struct Waiting {
    task: Reference,
}

/// A counted reference: what [`Arc::into_raw`] gave. Without a `Drop`, as the count goes along when
/// the reference is made something else.
struct Reference(NonNull<Header>);

/// What every task begins with, whatever its type.
pub(super) struct Header {
    calls: &'static Calls,
}

/// What can be done with a reference to a task of a certain type: each call takes a reference to such
/// a task. All but `into_waker` use up the task's `Runnable` with it: its right to the future goes to
/// the call.
struct Calls {
    poll_once: unsafe fn(Reference) -> Polled,
    cancel: unsafe fn(Reference),
    queue: unsafe fn(Reference),
    into_waker: unsafe fn(Reference) -> Waker,
}

// SAFETY: it is a reference to a task, and `spawn` makes tasks only of what may go to other threads.
unsafe impl Send for Reference {}
// SAFETY: nothing can be done with a `&Reference` but to make a waker of the task.
unsafe impl Sync for Reference {}

impl Runnable {
    /// Only for who has the right to make one, by the protocol.
    pub(super) fn new<F: Future, K, S>(task: Arc<Task<F, K, S>>) -> Self {
        let task = Reference::new(task);
        Self { task }
    }

    /// Polls the task once; `Ready` when it is over: finished, panicked or aborted. A task that was
    /// woken during the poll goes to its `schedule` after it.
    ///
    /// A panic of the future ends the task, not the caller.
    pub fn run(self) -> Poll<()> {
        match self.poll_once() {
            Polled::Over => Poll::Ready(()),
            Polled::Waits(_) => Poll::Pending,
            Polled::Again(runnable) => {
                let queue = runnable.task.calls().queue;
                // SAFETY: the `Runnable` is used up, and `queue` is that of its task.
                unsafe { queue(runnable.into_reference()) };
                Poll::Pending
            }
        }
    }

    /// Does what [`run`](Self::run) does, except that a task that was woken during the poll is given
    /// back. Whoever has a queue at hand saves the way through `schedule`.
    pub(crate) fn poll_once(self) -> Polled {
        let poll_once = self.task.calls().poll_once;
        // SAFETY: the `Runnable` is used up, and `poll_once` is that of its task.
        unsafe { poll_once(self.into_reference()) }
    }

    /// A waker of the task.
    #[must_use]
    pub fn waker(&self) -> Waker {
        let ours = Reference(self.task.0).into_waker();
        // The count in it stays ours: only its clone is given away.
        Waker::clone(&ManuallyDrop::new(ours))
    }

    /// The reference, without cancelling the task.
    fn into_reference(self) -> Reference {
        Reference(ManuallyDrop::new(self).task.0)
    }
}

impl Waiting {
    pub(super) fn new<F: Future, K, S>(task: Arc<Task<F, K, S>>) -> Self {
        let task = Reference::new(task);
        Self { task }
    }

    /// Wakes the task.
    pub(crate) fn wake(self) {
        let task = ManuallyDrop::new(self).task.0;
        Reference(task).into_waker().wake();
    }
}

impl Drop for Runnable {
    fn drop(&mut self) {
        let cancel = self.task.calls().cancel;
        // SAFETY: the `Runnable` ends here, and `cancel` is that of its task.
        unsafe { cancel(Reference(self.task.0)) };
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(Reference(self.task.0).into_waker());
    }
}

impl fmt::Debug for Runnable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runnable").finish_non_exhaustive()
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}

impl Reference {
    fn new<F: Future, K, S>(task: Arc<Task<F, K, S>>) -> Self {
        let task = Arc::into_raw(task).cast_mut().cast::<Header>();
        Self(NonNull::new(task).expect("an `Arc` is not null"))
    }

    fn calls(&self) -> &'static Calls {
        // SAFETY: the reference counts, so the task lives; and it begins with its header.
        unsafe { self.0.as_ref() }.calls
    }

    fn into_waker(self) -> Waker {
        let into_waker = self.calls().into_waker;
        // SAFETY: `into_waker` is that of this task.
        unsafe { into_waker(self) }
    }

    /// # Safety
    ///
    /// The task is of this type.
    unsafe fn into_arc<F: Future, K, S>(self) -> Arc<Task<F, K, S>> {
        // SAFETY: `new` had the pointer from `Arc::into_raw`, for this type by our precondition.
        unsafe { Arc::from_raw(self.0.as_ptr().cast::<Task<F, K, S>>()) }
    }
}

impl Header {
    pub(super) const fn of<F, K, S>() -> Self
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        K: Copy + Send + Sync + 'static,
        S: Fn(Runnable, K) + Send + Sync + 'static,
    {
        Self {
            calls: const { &Calls::of::<F, K, S>() },
        }
    }
}

impl Calls {
    const fn of<F, K, S>() -> Self
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        K: Copy + Send + Sync + 'static,
        S: Fn(Runnable, K) + Send + Sync + 'static,
    {
        Self {
            poll_once: |task| {
                // SAFETY: the caller passes a reference to such a task.
                let task = unsafe { task.into_arc::<F, K, S>() };
                // SAFETY: the caller passes the `Runnable`'s right with it.
                unsafe { task.poll_once() }
            },
            cancel: |task| {
                // SAFETY: as above.
                let task = unsafe { task.into_arc::<F, K, S>() };
                // SAFETY: as above.
                unsafe { task.finish(Err(JoinError::Cancelled)) };
            },
            // SAFETY: as above.
            queue: |task| unsafe { task.into_arc::<F, K, S>() }.queue(),
            // SAFETY: as above.
            into_waker: |task| Waker::from(unsafe { task.into_arc::<F, K, S>() }),
        }
    }
}
