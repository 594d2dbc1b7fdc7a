//! # RawWaker: four functions and a pointer
//!
//! `fn()` wakes could not say which task. A `Waker` can: it is a pointer to anything, with a table of
//! four functions. Make one whose pointer is an `Arc` of the task, so that each waker stands for one
//! reference. Nobody counts along: a reference too few is a use after free, one too many a leak.
//!
//! What is checked:
//!
//! 1. `wake` and `wake_by_ref` of a waker, and of each clone of it, reach the task that it was made of.
//! 2. `waker(task)` takes over the reference that it is given.
//! 3. `clone` takes one reference, `drop` gives one back, `wake` gives one back, `wake_by_ref` none.
//! 4. The last waker takes the task with it.
//! 5. A task that panics when it is woken changes nothing about the counts of `wake` and `wake_by_ref`.
//! 6. All of it works on any thread, and only for tasks that bear that: `Send + Sync`.
//!
//! Settled: a waker is backed by an `Arc`, and the task's own references are counted. How the pointer is
//! made, and whether `will_wake` says yes for a clone, is not looked at. `wake` may go the way of
//! `wake_by_ref` and the other way round, as long as the counts are right.
//!
//! Read first: README.md, "Four functions and a pointer". Nothing has to be done before. About 30
//! minutes.
//!
//! Check: `cargo xtask check-stage 2 --exercise raw_waker`. Stuck: `cargo xtask hint raw_waker`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables, unused_imports)]

// In `Arc`: `into_raw`, `from_raw`, `increment_strong_count`, `decrement_strong_count`. And a value in
// `ManuallyDrop` is not dropped, whatever happens.
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// What a task must be able to do so that an `Arc` of it can be a [`Waker`].
pub trait ArcWake: Send + Sync + 'static {
    /// Wakes the task, and gives up one reference to it.
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    /// Wakes the task. May be called from any thread, and more than once.
    fn wake_by_ref(arc_self: &Arc<Self>);
}

/// A waker that holds `task` by the reference that it is given.
#[must_use]
pub fn waker<W: ArcWake>(task: Arc<W>) -> Waker {
    todo!("the Arc as a raw pointer, with the table: RawWaker::new; then Waker::from_raw")
}

/// The four functions, made for one type.
fn vtable<W: ArcWake>() -> &'static RawWakerVTable {
    &RawWakerVTable::new(
        clone_raw::<W>,
        wake_raw::<W>,
        wake_by_ref_raw::<W>,
        drop_raw::<W>,
    )
}

/// # Safety
///
/// `data` is from `Arc::<W>::into_raw`, and the reference that it stands for has not been released.
/// The same is asked by the three functions below.
unsafe fn clone_raw<W: ArcWake>(data: *const ()) -> RawWaker {
    todo!("one reference more; the same pointer, the same table")
}

/// # Safety
///
/// As [`clone_raw`]. The reference is released here: `data` must not be used again.
unsafe fn wake_raw<W: ArcWake>(data: *const ()) {
    todo!("wake the task, and give the waker's reference back")
}

/// # Safety
///
/// As [`clone_raw`].
unsafe fn wake_by_ref_raw<W: ArcWake>(data: *const ()) {
    todo!("wake the task; the waker keeps its reference, also if the task panics")
}

/// # Safety
///
/// As [`clone_raw`]. The reference is released here: `data` must not be used again.
unsafe fn drop_raw<W: ArcWake>(data: *const ()) {
    todo!("give the waker's reference back")
}
