// expect: pass
//! The pointer leads to an `Arc` in a box: an allocation for each waker, and the same counts.

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
    let data = Box::into_raw(Box::new(task)).cast_const().cast();
    // SAFETY: the vtable is that of a boxed `Arc<W>`.
    unsafe { Waker::from_raw(RawWaker::new(data, vtable::<W>())) }
}

fn vtable<W: ArcWake>() -> &'static RawWakerVTable {
    &RawWakerVTable::new(clone::<W>, wake::<W>, wake_by_ref::<W>, drop_waker::<W>)
}

unsafe fn clone<W: ArcWake>(data: *const ()) -> RawWaker {
    // SAFETY: the waker is alive, and so is its box.
    let task = unsafe { &*data.cast::<Arc<W>>() };
    RawWaker::new(
        Box::into_raw(Box::new(Arc::clone(task)))
            .cast_const()
            .cast(),
        vtable::<W>(),
    )
}

unsafe fn wake<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is used up: its box is ours.
    W::wake(*unsafe { Box::from_raw(data.cast_mut().cast::<Arc<W>>()) });
}

unsafe fn wake_by_ref<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is alive, and so is its box.
    W::wake_by_ref(unsafe { &*data.cast::<Arc<W>>() });
}

unsafe fn drop_waker<W: ArcWake>(data: *const ()) {
    // SAFETY: the waker is gone: its box is ours.
    drop(unsafe { Box::from_raw(data.cast_mut().cast::<Arc<W>>()) });
}
