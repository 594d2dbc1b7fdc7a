//! Where a future lies, and the waker that it is polled with.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::sync::UnsafeCell;

/// Where a future lies until it is dropped. It is never moved.
pub(super) struct Place<F> {
    /// `None` once the future is dropped.
    future: UnsafeCell<Option<F>>,
}

// SAFETY: through `&self` the future is reached only in `poll` and `clear`, whose callers own it by
// the protocol: one at a time, and each sees what the one before it left there. What goes from
// thread to thread is the future, and that is `Send`.
unsafe impl<F: Send> Sync for Place<F> {}

impl<F: Future> Place<F> {
    pub(super) fn new(future: F) -> Self {
        Self {
            future: UnsafeCell::new(Some(future)),
        }
    }

    /// # Safety
    ///
    /// The caller owns the future by the protocol, and the place is not moved from now on.
    pub(super) unsafe fn poll(&self, cx: &mut Context<'_>) -> Poll<F::Output> {
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

    /// Drops the future, if it is still there.
    ///
    /// # Safety
    ///
    /// The caller owns the future by the protocol.
    pub(super) unsafe fn clear(&self) {
        self.future.with_mut(|place| {
            // SAFETY: as in `poll`. The assignment drops the future in its place, and also one that
            // panics in its `Drop` is gone after it.
            unsafe { *place = None };
        });
    }
}

/// A waker for one poll: it lives on the reference that the polling thread has anyway, so it costs
/// no count. A future that keeps it clones it, and the clone counts.
pub(super) struct Borrowed<'a> {
    /// Not dropped, as the reference in it is not ours to give back.
    waker: ManuallyDrop<Waker>,
    /// The reference that it lives on.
    _task: PhantomData<&'a ()>,
}

impl<'a> Borrowed<'a> {
    pub(super) fn new<W: Wake + Send + Sync + 'static>(task: &'a Arc<W>) -> Self {
        // SAFETY: the pointer is that of an `Arc` of this very type, which lives as long as `'a`.
        // The second `Arc` made of it here goes into a `ManuallyDrop`: the count that it would take
        // away at its end is never taken away.
        let uncounted = unsafe { Arc::from_raw(Arc::as_ptr(task)) };
        Self {
            waker: ManuallyDrop::new(Waker::from(uncounted)),
            _task: PhantomData,
        }
    }

    pub(super) fn get(&self) -> &Waker {
        &self.waker
    }
}
