//! A task: a future, its result and all that its wakers need, in one allocation.
//!
//! # Who holds a task
//!
//! Everybody who knows a task holds an [`Arc`] of it: its [`JoinHandle`], each of its wakers, the
//! `Waiting` of an executor, and the [`Runnable`], if there is one. The [`Runnable`] alone gives the
//! right to touch the future. It goes through the hands of `schedule` into a queue and from there to
//! a thread that polls. Who holds the last [`Arc`] has the right as well: there is nobody else.
//!
//! # The protocol
//!
//! The state is four bits:
//!
//! | bit | means | set by | taken away by |
//! |---|---|---|---|
//! | `QUEUED` | a poll is to come | a wake, or `abort`, at any time | the poll, when it begins |
//! | `RUNNING` | the next poll has its thread already | the poll, when it begins | the poll, if it ends with nothing to be done |
//! | `ABORTED` | the next poll is to drop the future instead | `abort`, together with `QUEUED` | the poll, when it begins |
//! | `DONE` | the future is gone | who has dropped it | nobody |
//!
//! and the future belongs to
//!
//! | state | whom |
//! |---|---|
//! | no bit: the task waits | nobody; the next to set `QUEUED` makes the `Runnable` |
//! | `QUEUED` | the one `Runnable` there is |
//! | `RUNNING` | the thread that polls |
//! | `QUEUED` and `RUNNING`: woken during the poll | the thread that polls, and then the `Runnable` that it makes |
//! | `DONE`, with any other | nobody |
//!
//! `ABORTED` is never seen without `QUEUED`, except beside `DONE`.
//!
//! There is never a second `Runnable`: a wake makes one only if it finds no bit at all, and a poll
//! makes one only if it finds `QUEUED` at its end, where a wake has found `RUNNING`. Hence the
//! future is never polled by two threads at once, and many wakes before a poll are one poll.
//!
//! No wake is lost: `QUEUED` is gone before the future is polled, so a wake that comes when the
//! future has looked already sets it anew, and somebody sees to it. A wake that finds it set, on the
//! other hand, knows that the poll is still to come.
//!
//! `DONE` is set when the future has been dropped, and before the result is published. A wake out
//! of the future's own `Drop` finds `RUNNING` or `QUEUED`, a later one finds `DONE`: neither does
//! anything.
//!
//! # The orderings
//!
//! What happened before a wake must be visible to the poll that answers it, also if the wake did not
//! queue the task but found it queued; and the future must come to its next thread as the last one
//! left it. Both go through the state: a wake, the begin of a poll and the end of one are each a
//! read-modify-write with `AcqRel`, so each synchronises with all before it. A poll that finds
//! `QUEUED` at its end changes nothing, and so needs no ordering: the next poll's begin has it.
//! `DONE` is a plain store, since there is nothing more to be found here. The result goes through
//! the `JoinState`, and the memory through the `Arc`.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};

use crate::sync::atomic::{
    AtomicBool, AtomicU8,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

#[path = "task/place.rs"]
mod place;
#[path = "task/reference.rs"]
mod reference;

pub use reference::Runnable;
pub(crate) use reference::Waiting;

use place::{Borrowed, Place};
use reference::Header;

const QUEUED: u8 = 0b0001;
const RUNNING: u8 = 0b0010;
const ABORTED: u8 = 0b0100;
const DONE: u8 = 0b1000;

/// What became of a task in a poll.
#[derive(Debug)]
pub(crate) enum Polled {
    /// It is over: finished, panicked or aborted.
    Over,
    /// It waits. This is the reference that the [`Runnable`] was, so it comes for nothing.
    Waits(Waiting),
    /// It was woken during the poll: it is to be queued again.
    Again(Runnable),
}

/// Makes a task of a future. `schedule` is called with the [`Runnable`] whenever the task is to
/// run, from whichever thread woke it.
///
/// The task counts as queued when this returns: the caller queues, runs or drops the [`Runnable`].
///
/// ```
/// use std::sync::mpsc;
/// use std::task::Poll;
///
/// let (queue, ready) = mpsc::channel();
/// let (runnable, handle) = executor::task::spawn(async { 42 }, move |runnable| {
///     let _ = queue.send(runnable);
/// });
/// assert!(ready.try_recv().is_err(), "the first `Runnable` is the caller's");
/// assert_eq!(runnable.run(), Poll::Ready(()));
/// assert_eq!(executor::block_on(handle).expect("the task has run"), 42);
/// ```
pub fn spawn<F, S>(future: F, schedule: S) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    spawn_with(future, (), move |runnable, ()| schedule(runnable))
}

/// Like [`spawn`], for an executor that has to know something about each task: `schedule` gets `key`
/// with each [`Runnable`].
///
/// A closure could own the key, too. But a small one has its place in the task for nothing, between
/// other small things, where a closure of a pointer and a key is as big as two pointers.
pub(crate) fn spawn_with<F, K, S>(
    future: F,
    key: K,
    schedule: S,
) -> (Runnable, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    K: Copy + Send + Sync + 'static,
    S: Fn(Runnable, K) + Send + Sync + 'static,
{
    let task = Arc::new(Task {
        header: Header::of::<F, K, S>(),
        state: AtomicU8::new(QUEUED),
        detached: AtomicBool::new(false),
        key,
        schedule,
        join: JoinState::new(),
        future: Place::new(future),
    });
    let handle = JoinHandle::new(task.clone());
    (Runnable::new(task), handle)
}

/// Future, result and all the rest.
///
/// In this order, so that a pointer to a task is one to its header, too, and the small fields share a
/// word.
#[repr(C)]
struct Task<F: Future, K, S> {
    /// What a [`Runnable`] can do with the task.
    header: Header,
    /// Who may touch the future: see the protocol.
    state: AtomicU8,
    /// Set when the handle is dropped: nobody will come for the result. It spares such a task a lock.
    detached: AtomicBool,
    /// What the executor has to know about the task.
    key: K,
    /// Where a `Runnable` goes when the task is to run.
    schedule: S,
    /// Where the result goes, to be found by the handle.
    join: JoinState<F::Output>,
    /// The future lies in the task itself, and stays where it is until it is dropped.
    future: Place<F>,
}

impl<F, K, S> Task<F, K, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    K: Copy + Send + Sync + 'static,
    S: Fn(Runnable, K) + Send + Sync + 'static,
{
    /// Hands a `Runnable` to `schedule`. Only who has the right to make one may call this.
    ///
    /// `schedule` lies in the task, and another thread may run the task to its end while the call
    /// goes on: the reference that the caller keeps is what keeps `schedule` alive.
    fn queue(self: &Arc<Self>) {
        (self.schedule)(Runnable::new(Arc::clone(self)), self.key);
    }

    /// Polls the future once, or drops it if the task was aborted.
    ///
    /// # Safety
    ///
    /// The caller is the task's `Runnable`, and uses itself up.
    unsafe fn poll_once(self: Arc<Self>) -> Polled {
        if self.state.swap(RUNNING, AcqRel) & ABORTED != 0 {
            // SAFETY: the `Runnable` was ours, and RUNNING stays set.
            unsafe { self.finish(Err(JoinError::Cancelled)) };
            return Polled::Over;
        }
        let waker = Borrowed::new(&self);
        let mut cx = Context::from_waker(waker.get());
        // SAFETY: the `Runnable` was ours, and RUNNING is still set. The future lies in an `Arc`, out
        // of which nobody takes it.
        let poll = || unsafe { self.future.poll(&mut cx) };
        let result = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(Poll::Ready(output)) => Ok(output),
            Ok(Poll::Pending) if self.pause() => return Polled::Waits(Waiting::new(self)),
            Ok(Poll::Pending) => return Polled::Again(Runnable::new(self)),
            Err(payload) => Err(JoinError::Panicked(payload)),
        };
        // SAFETY: RUNNING is still set.
        unsafe { self.finish(result) };
        Polled::Over
    }

    /// At the end of a poll: gives up the future, unless a wake came meanwhile.
    fn pause(&self) -> bool {
        // The look saves a task that has woken itself an atomic step.
        self.state.load(Relaxed) == RUNNING
            && (self.state.compare_exchange(RUNNING, 0, AcqRel, Relaxed)).is_ok()
    }

    /// Drops the future, and publishes the result.
    ///
    /// # Safety
    ///
    /// The caller owns the future by the protocol.
    unsafe fn finish(&self, result: Result<F::Output, JoinError>) {
        // A panic in here comes from the future's `Drop`, from a value that nobody waits for, or
        // from the waker of who does. The thread that runs this task has others to run.
        // SAFETY: our own precondition.
        survive(|| unsafe { self.future.clear() });
        self.state.store(DONE, Release);
        survive(|| match self.detached.load(Acquire) {
            // Here and now: not whenever the last stale waker gives up the task. (If the handle is
            // dropped at this very moment, that may still be so.)
            true => drop(result),
            false => self.join.finish(result),
        });
    }
}

impl<F, K, S> Wake for Task<F, K, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    K: Copy + Send + Sync + 'static,
    S: Fn(Runnable, K) + Send + Sync + 'static,
{
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let before = self.state.fetch_or(QUEUED, AcqRel);
        if before & (QUEUED | RUNNING | DONE) == 0 {
            self.queue();
        }
    }
}

impl<F, K, S> Joinable<F::Output> for Task<F, K, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    K: Copy + Send + Sync + 'static,
    S: Fn(Runnable, K) + Send + Sync + 'static,
{
    fn join_state(&self) -> &JoinState<F::Output> {
        &self.join
    }

    fn abort(self: Arc<Self>) {
        // A wake that says one thing more, to be found where the next poll begins.
        let before = self.state.fetch_or(QUEUED | ABORTED, AcqRel);
        if before & (QUEUED | RUNNING | DONE) == 0 {
            self.queue();
        }
    }

    fn detach(&self) -> bool {
        self.detached.store(true, Release);
        self.may_be_over()
    }

    fn may_be_over(&self) -> bool {
        self.state.load(Acquire) & DONE != 0
    }
}

impl<F: Future, K, S> Drop for Task<F, K, S> {
    fn drop(&mut self) {
        if self.state.load(Relaxed) & DONE == 0 {
            // It waits, and nobody can wake it any more. Who gives up the last reference mostly runs
            // tasks, and has others to run if this one panics.
            // SAFETY: with the last reference the future is ours.
            survive(|| unsafe { self.future.clear() });
        }
    }
}

/// Calls what others wrote. A panic in it has been reported by the panic hook, and ends here.
fn survive(call: impl FnOnce()) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(call)) else {
        return;
    };
    // The payload's `Drop` is theirs as well. One that panics in turn has had its chance.
    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(another);
    }
}
