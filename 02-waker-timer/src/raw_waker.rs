//! A waker made by hand: a pointer, and a table of four functions.
//!
//! `fn()` cannot say *which* task to wake, because it holds no data. A trait object could, but a
//! waker must also be cloned, and must work without an allocator. So [`Waker`] is a trait object
//! built by hand: a [`RawWaker`] is a pointer to anything, with a [`RawWakerVTable`] that says what
//! to do with it.
//!
//! Here the pointer is an `Arc` that was given up with [`Arc::into_raw`]: each waker stands for one
//! reference.
//!
//! | function | when | references |
//! |---|---|---|
//! | `clone` | a second waker for the same task | +1 |
//! | `wake` | `Waker::wake(self)`: the waker is used up | −1 |
//! | `wake_by_ref` | `Waker::wake_by_ref(&self)`: it is not | 0 |
//! | `drop` | the waker is dropped unused | −1 |
//!
//! [`ArcWake`] is the trait of that name in the `futures` crate. Since Rust 1.51 std has its own,
//! [`std::task::Wake`], with `Waker::from(arc)` in place of [`waker`]: in a program, use that.

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// What a task must be able to do so that an `Arc` of it can be a [`Waker`].
///
/// A waker can be sent to any thread, and be woken and dropped there. Hence the bounds.
pub trait ArcWake: Send + Sync + 'static {
    /// Wakes the task, and gives up one reference to it.
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    /// Wakes the task. May be called from any thread, and more than once.
    fn wake_by_ref(arc_self: &Arc<Self>);
}

/// A waker that holds `task` by the reference that it is given.
///
/// If the task panics in `wake`, the panic goes on to the caller, and the references are counted as
/// if it had not.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicUsize, Ordering::SeqCst}};
/// use waker_timer::{ArcWake, waker};
///
/// struct Counter(AtomicUsize);
///
/// impl ArcWake for Counter {
///     fn wake_by_ref(arc_self: &Arc<Self>) {
///         arc_self.0.fetch_add(1, SeqCst);
///     }
/// }
///
/// let counter = Arc::new(Counter(AtomicUsize::new(0)));
/// let waker = waker(Arc::clone(&counter));
/// assert_eq!(Arc::strong_count(&counter), 2);
/// waker.wake_by_ref();
/// waker.wake();
/// assert_eq!(counter.0.load(SeqCst), 2);
/// assert_eq!(Arc::strong_count(&counter), 1);
/// ```
#[must_use]
pub fn waker<W: ArcWake>(task: Arc<W>) -> Waker {
    let raw = RawWaker::new(Arc::into_raw(task).cast(), vtable::<W>());
    // SAFETY: the pointer is from `Arc::into_raw` and the vtable is that for its type, so the four
    // functions get what they ask for. They keep `RawWakerVTable`'s contract: thread-safe, because
    // `W` is `Send + Sync`; a clone is a reference of its own with the same vtable; `wake` and
    // `drop` release one; `wake_by_ref` releases none.
    unsafe { Waker::from_raw(raw) }
}

/// The four functions, made for one type. (`const` makes it a static value; its address is not
/// always the same, which is why `Waker::will_wake` may say no for two wakers of one task.)
fn vtable<W: ArcWake>() -> &'static RawWakerVTable {
    const {
        &RawWakerVTable::new(
            clone_raw::<W>,
            wake_raw::<W>,
            wake_by_ref_raw::<W>,
            drop_raw::<W>,
        )
    }
}

/// # Safety
///
/// `data` is from `Arc::<W>::into_raw`, and the reference that it stands for has not been released.
/// The same is asked by the three functions below.
unsafe fn clone_raw<W: ArcWake>(data: *const ()) -> RawWaker {
    // SAFETY: by the contract, the allocation is that of an `Arc<W>` with at least our reference.
    unsafe { Arc::increment_strong_count(data.cast::<W>()) };
    RawWaker::new(data, vtable::<W>())
}

/// # Safety
///
/// As [`clone_raw`]. The reference is released here: `data` must not be used again.
unsafe fn wake_raw<W: ArcWake>(data: *const ()) {
    // SAFETY: by the contract. The reference becomes an `Arc` again, which releases it, also when
    // `wake` panics.
    let task = unsafe { Arc::from_raw(data.cast::<W>()) };
    W::wake(task);
}

/// # Safety
///
/// As [`clone_raw`].
unsafe fn wake_by_ref_raw<W: ArcWake>(data: *const ()) {
    // SAFETY: by the contract. The reference stays the waker's: `ManuallyDrop` keeps this `Arc`
    // from releasing it, also when `wake_by_ref` panics, where a `mem::forget` after the call would
    // never be reached.
    let task = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<W>()) });
    W::wake_by_ref(&task);
}

/// # Safety
///
/// As [`clone_raw`]. The reference is released here: `data` must not be used again.
unsafe fn drop_raw<W: ArcWake>(data: *const ()) {
    // SAFETY: by the contract.
    unsafe { Arc::decrement_strong_count(data.cast::<W>()) };
}
