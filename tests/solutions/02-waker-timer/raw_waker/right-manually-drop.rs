// expect: pass
//! Each function turns the pointer into an `Arc` again, and keeps it from dropping where the reference
//! is not its own.

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

pub trait ArcWake: Send + Sync + 'static {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(arc_self: &Arc<Self>);
}

#[must_use]
pub fn waker<W: ArcWake>(task: Arc<W>) -> Waker {
    let data = Arc::into_raw(task).cast();
    // SAFETY: the vtable is that of an `Arc<W>` in raw form.
    unsafe { Waker::from_raw(RawWaker::new(data, vtable::<W>())) }
}

fn vtable<W: ArcWake>() -> &'static RawWakerVTable {
    &RawWakerVTable::new(clone::<W>, wake::<W>, wake_by_ref::<W>, drop_waker::<W>)
}

unsafe fn clone<W: ArcWake>(data: *const ()) -> RawWaker {
    // SAFETY: the waker is alive; its reference stays its own.
    let task = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<W>()) });
    let clone = ManuallyDrop::new(Arc::clone(&task));
    RawWaker::new(Arc::as_ptr(&clone).cast(), vtable::<W>())
}

unsafe fn wake<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is used up: its reference is ours.
    W::wake(unsafe { Arc::from_raw(data.cast::<W>()) });
}

unsafe fn wake_by_ref<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is alive; its reference stays its own.
    let task = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<W>()) });
    W::wake_by_ref(&task);
}

unsafe fn drop_waker<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is gone: its reference is ours.
    drop(unsafe { Arc::from_raw(data.cast::<W>()) });
}
