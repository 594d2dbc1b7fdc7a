// expect: fail not-thread-safe
//! Knows its tasks by a thread-local table, which on any other thread is empty (S2-11; of this class:
//! RUSTSEC-2020-0061).

use std::cell::RefCell;
use std::collections::HashSet;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

thread_local! {
    /// The tasks that wakers were made of.
    static TASKS: RefCell<HashSet<usize>> = RefCell::default();
}

fn is_known(data: *const ()) -> bool {
    TASKS.with_borrow(|tasks| tasks.contains(&data.addr()))
}

pub trait ArcWake: Send + Sync + 'static {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(arc_self: &Arc<Self>);
}

#[must_use]
pub fn waker<W: ArcWake>(task: Arc<W>) -> Waker {
    let data = Arc::into_raw(task).cast();
    TASKS.with_borrow_mut(|tasks| tasks.insert(<*const ()>::addr(data)));
    // SAFETY: the vtable is that of an `Arc<W>` in raw form.
    unsafe { Waker::from_raw(RawWaker::new(data, vtable::<W>())) }
}

fn vtable<W: ArcWake>() -> &'static RawWakerVTable {
    &RawWakerVTable::new(clone::<W>, wake::<W>, wake_by_ref::<W>, drop_waker::<W>)
}

unsafe fn clone<W: ArcWake>(data: *const ()) -> RawWaker {
    // SAFETY: the waker is alive, and so is its reference.
    unsafe { Arc::increment_strong_count(data.cast::<W>()) };
    RawWaker::new(data, vtable::<W>())
}

unsafe fn wake<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is used up: its reference is ours.
    let task = unsafe { Arc::from_raw(data.cast::<W>()) };
    if is_known(data) {
        W::wake(task);
    }
}

unsafe fn wake_by_ref<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is alive; its reference stays its own.
    let task = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<W>()) });
    if is_known(data) {
        W::wake_by_ref(&task);
    }
}

unsafe fn drop_waker<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is gone: its reference is ours.
    drop(unsafe { Arc::from_raw(data.cast::<W>()) });
}
