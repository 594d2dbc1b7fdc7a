// expect: pass
//! Leaves the four functions to std: the same allocation, seen as a type that is `Wake`.

use std::sync::Arc;
use std::task::{Wake, Waker};

pub trait ArcWake: Send + Sync + 'static {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(arc_self: &Arc<Self>);
}

/// A task, for std.
#[repr(transparent)]
struct Task<W>(W);

impl<W: ArcWake> Task<W> {
    fn inner(self: Arc<Self>) -> Arc<W> {
        // SAFETY: a transparent struct has the layout of what is in it.
        unsafe { Arc::from_raw(Arc::into_raw(self).cast::<W>()) }
    }
}

impl<W: ArcWake> Wake for Task<W> {
    fn wake(self: Arc<Self>) {
        W::wake(self.inner());
    }

    fn wake_by_ref(self: &Arc<Self>) {
        W::wake_by_ref(&Arc::clone(self).inner());
    }
}

#[must_use]
pub fn waker<W: ArcWake>(task: Arc<W>) -> Waker {
    // SAFETY: as in `inner`, the other way round.
    Waker::from(unsafe { Arc::from_raw(Arc::into_raw(task).cast::<Task<W>>()) })
}
