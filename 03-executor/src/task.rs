//! A task: a future, its result and all that its wakers need, in one allocation.
//!
//! # Who holds a task
//!
//! Everybody who knows a task holds an [`Arc`] of it: its [`JoinHandle`], each of its wakers, and
//! the [`Runnable`], if there is one. The [`Runnable`] alone gives the right to touch the future.
//! It goes through the hands of `schedule` into a queue and from there to a thread that polls.
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

use std::fmt;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::sync::UnsafeCell;
use crate::sync::atomic::{
    AtomicU8,
    Ordering::{AcqRel, Relaxed},
};
use crate::{JoinError, JoinHandle, JoinState, Joinable};

const QUEUED: u8 = 0b0001;
const RUNNING: u8 = 0b0010;
const ABORTED: u8 = 0b0100;
const DONE: u8 = 0b1000;

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
    let task = Arc::new(Task {
        header: Header {
            state: AtomicU8::new(QUEUED),
            calls: const { &Calls::of::<F, S>() },
        },
        join: JoinState::new(),
        schedule,
        future: Place::new(future),
    });
    let handle = JoinHandle::new(task.clone());
    (Runnable::new(task), handle)
}

/// A task that is to be polled. There is at most one of each task at a time, and who has it owns
/// the future. Dropped, it takes the future with it: the task is cancelled.
///
/// It is one pointer, and not the two of an `Arc<dyn …>`: a queue of them is half as big, and what
/// an executor adds to it still goes through the processor's registers.
pub struct Runnable {
    /// A counted reference to a task, of which only the header's type is known: what
    /// [`Arc::into_raw`] gave.
    task: NonNull<Header>,
}

// SAFETY: it is a reference to a task, and `spawn` makes tasks only of what may go to other threads.
unsafe impl Send for Runnable {}
// SAFETY: nothing can be done with a `&Runnable` but to clone the reference.
unsafe impl Sync for Runnable {}

/// What became of a task in a poll.
#[derive(Debug)]
#[allow(
    dead_code,
    reason = "the executor of the exercise has no use for the waker"
)]
pub(crate) enum Polled {
    /// It is over: finished, panicked or aborted.
    Over,
    /// It waits. This waker is the reference that the [`Runnable`] was, so it comes for nothing.
    Waits(Waker),
    /// It was woken during the poll: it is to be queued again.
    Again(Runnable),
}

impl Runnable {
    /// Only for who has the right to make one, by the protocol.
    fn new<F: Future, S>(task: Arc<Task<F, S>>) -> Self {
        let task = Arc::into_raw(task).cast_mut().cast::<Header>();
        Self {
            task: NonNull::new(task).expect("an `Arc` is not null"),
        }
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
                let queue = runnable.calls().queue;
                // SAFETY: the `Runnable` is used up, and `queue` is that of its task.
                unsafe { queue(runnable.into_raw()) };
                Poll::Pending
            }
        }
    }

    /// Does what [`run`](Self::run) does, except that a task that was woken during the poll is given
    /// back. Whoever has a queue at hand saves the way through `schedule`.
    pub(crate) fn poll_once(self) -> Polled {
        let poll_once = self.calls().poll_once;
        // SAFETY: the `Runnable` is used up, and `poll_once` is that of its task.
        unsafe { poll_once(self.into_raw()) }
    }

    /// A waker of the task.
    #[must_use]
    pub fn waker(&self) -> Waker {
        // SAFETY: the reference is counted as long as we live, and `waker` is that of its task.
        unsafe { (self.calls().waker)(self.task) }
    }

    fn calls(&self) -> &'static Calls {
        // SAFETY: the task lives as long as we do, and begins with its header.
        unsafe { self.task.as_ref() }.calls
    }

    /// The reference, without cancelling the task.
    fn into_raw(self) -> NonNull<Header> {
        ManuallyDrop::new(self).task
    }
}

impl Drop for Runnable {
    fn drop(&mut self) {
        // SAFETY: the `Runnable` ends here, and `cancel` is that of its task.
        unsafe { (self.calls().cancel)(self.task) };
    }
}

impl fmt::Debug for Runnable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runnable").finish_non_exhaustive()
    }
}

/// Future, result and all the rest. In this order: a pointer to a task is one to its header, too.
#[repr(C)]
struct Task<F: Future, S> {
    header: Header,
    /// Where the result goes, to be found by the handle.
    join: JoinState<F::Output>,
    /// Where a `Runnable` goes when the task is to run. In the task as well, so that an executor
    /// keeps what it has to know about the task without a second allocation.
    schedule: S,
    /// The future lies in the task itself, and stays where it is until it is dropped.
    future: Place<F>,
}

/// What is the same for all tasks.
struct Header {
    /// Who may touch the future: see the protocol.
    state: AtomicU8,
    /// What a [`Runnable`] can do with the task.
    calls: &'static Calls,
}

/// A `Runnable`'s methods, for one type of tasks. Each takes what [`Arc::into_raw`] gave for a task
/// of that type, and all but `waker` use up the reference, and with it the `Runnable`: its right to
/// the future goes to the call.
struct Calls {
    poll_once: unsafe fn(NonNull<Header>) -> Polled,
    cancel: unsafe fn(NonNull<Header>),
    queue: unsafe fn(NonNull<Header>),
    waker: unsafe fn(NonNull<Header>) -> Waker,
}

impl Calls {
    const fn of<F, S>() -> Self
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        S: Fn(Runnable) + Send + Sync + 'static,
    {
        Self {
            poll_once: |task| {
                // SAFETY: the caller passes a reference to such a task.
                let task = unsafe { Task::<F, S>::from_raw(task) };
                // SAFETY: the caller passes the `Runnable`'s right with it.
                unsafe { task.poll_once() }
            },
            cancel: |task| {
                // SAFETY: as above.
                let task = unsafe { Task::<F, S>::from_raw(task) };
                // SAFETY: as above.
                unsafe { task.finish(Err(JoinError::Cancelled)) };
            },
            // SAFETY: as above.
            queue: |task| unsafe { Task::<F, S>::from_raw(task) }.queue(),
            waker: |task| {
                // SAFETY: as above. It is the caller's, and stays with it.
                let task = ManuallyDrop::new(unsafe { Task::<F, S>::from_raw(task) });
                Waker::from(Arc::clone(&task))
            },
        }
    }
}

impl<F, S> Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    /// # Safety
    ///
    /// The pointer is what `Arc::into_raw` gave for a task of this type, and its count becomes ours.
    unsafe fn from_raw(task: NonNull<Header>) -> Arc<Self> {
        // SAFETY: our own precondition; a task begins with its header.
        unsafe { Arc::from_raw(task.as_ptr().cast::<Self>()) }
    }

    /// Hands a `Runnable` to `schedule`. Only who has the right to make one may call this.
    ///
    /// `schedule` lies in the task, and another thread may run the task to its end while the call
    /// goes on: the reference that the caller keeps is what keeps `schedule` alive.
    fn queue(self: &Arc<Self>) {
        (self.schedule)(Runnable::new(Arc::clone(self)));
    }

    /// Polls the future once, or drops it if the task was aborted.
    ///
    /// # Safety
    ///
    /// The caller is the task's `Runnable`, and uses itself up.
    unsafe fn poll_once(self: Arc<Self>) -> Polled {
        if self.header.state.swap(RUNNING, AcqRel) & ABORTED != 0 {
            // SAFETY: the `Runnable` was ours, and RUNNING stays set.
            unsafe { self.finish(Err(JoinError::Cancelled)) };
            return Polled::Over;
        }
        let waker = Borrowed::new(&self);
        let mut cx = Context::from_waker(&waker.waker);
        // SAFETY: the `Runnable` was ours, and RUNNING is still set.
        let poll = || unsafe { self.future.poll(&mut cx) };
        let result = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(Poll::Ready(output)) => Ok(output),
            Ok(Poll::Pending) if self.pause() => return Polled::Waits(Waker::from(self)),
            Ok(Poll::Pending) => return Polled::Again(Runnable::new(self)),
            Err(payload) => Err(JoinError::Panicked(payload)),
        };
        // SAFETY: RUNNING is still set.
        unsafe { self.finish(result) };
        Polled::Over
    }

    /// At the end of a poll: gives up the future, unless a wake came meanwhile.
    fn pause(&self) -> bool {
        let state = &self.header.state;
        // The look saves a task that has woken itself an atomic step.
        state.load(Relaxed) == RUNNING
            && (state.compare_exchange(RUNNING, 0, AcqRel, Relaxed)).is_ok()
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
        self.header.state.store(DONE, Relaxed);
        survive(|| self.join.finish(result));
    }
}

impl<F, S> Wake for Task<F, S>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Fn(Runnable) + Send + Sync + 'static,
{
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let before = self.header.state.fetch_or(QUEUED, AcqRel);
        if before & (QUEUED | RUNNING | DONE) == 0 {
            self.queue();
        }
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
        // A wake that says one thing more, to be found where the next poll begins.
        let before = self.header.state.fetch_or(QUEUED | ABORTED, AcqRel);
        if before & (QUEUED | RUNNING | DONE) == 0 {
            self.queue();
        }
    }
}

/// Where a future lies until it is dropped. It is never moved.
struct Place<F> {
    /// `None` once the future is dropped.
    future: UnsafeCell<Option<F>>,
}

// SAFETY: through `&self` the future is reached only in `poll` and `clear`, whose callers own it by
// the protocol: one at a time, and each sees what the one before it left there. What goes from
// thread to thread is the future, and that is `Send`.
unsafe impl<F: Send> Sync for Place<F> {}

impl<F: Future> Place<F> {
    fn new(future: F) -> Self {
        Self {
            future: UnsafeCell::new(Some(future)),
        }
    }

    /// # Safety
    ///
    /// The caller owns the future by the protocol, and the place is one that is not moved any more:
    /// it lies in an `Arc` out of which nobody takes it.
    unsafe fn poll(&self, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.future.with_mut(|place| {
            // SAFETY: the pointer is that of a live cell, and while the caller owns the future
            // nobody else touches what is in it.
            let place = unsafe { &mut *place };
            let future = place.as_mut().expect("`DONE` keeps everybody away");
            // SAFETY: the place is not moved, and `clear` drops the future where it lies.
            let future = unsafe { Pin::new_unchecked(future) };
            future.poll(cx)
        })
    }

    /// # Safety
    ///
    /// As with `poll`.
    unsafe fn clear(&self) {
        self.future.with_mut(|place| {
            // SAFETY: as in `poll`. The assignment drops the future in its place, and also one that
            // panics in its `Drop` is gone after it.
            unsafe { *place = None };
        });
    }
}

/// A waker for one poll: it lives on the reference that the polling thread has anyway, so it costs
/// no count. A future that keeps it clones it, and the clone counts.
struct Borrowed<'a> {
    /// Not dropped, as the reference in it is not ours to give back.
    waker: ManuallyDrop<Waker>,
    /// The reference that it lives on.
    _task: PhantomData<&'a ()>,
}

impl<'a> Borrowed<'a> {
    fn new<W: Wake + Send + Sync + 'static>(task: &'a Arc<W>) -> Self {
        // SAFETY: the pointer is that of an `Arc` of this very type, which lives as long as `'a`.
        // The second `Arc` made of it here goes into a `ManuallyDrop`: the count that it would take
        // away at its end is never taken away.
        let uncounted = unsafe { Arc::from_raw(Arc::as_ptr(task)) };
        Self {
            waker: ManuallyDrop::new(Waker::from(uncounted)),
            _task: PhantomData,
        }
    }
}

/// Calls what others wrote. A panic in it has been reported by the panic hook, and ends here.
fn survive(call: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(call)) {
        // Its `Drop` is theirs as well, and could panic in turn.
        mem::forget(payload);
    }
}
