//! Running one future on this thread, which sleeps while the future waits.
//!
//! `std::thread::park` would do for the sleeping, nearly. Its token belongs to the whole thread:
//! code inside `poll` that parks for reasons of its own (a channel's `recv`, for one) uses up the
//! token that our waker left, and then nobody wakes the loop. So a [`Parker`] has a state of its
//! own, which only it reads.
//!
//! The state is one of three:
//!
//! | state | set by | means |
//! |---|---|---|
//! | `EMPTY` | `park`, as it returns | nothing has happened since |
//! | `NOTIFIED` | a waker, over anything | the next `park` returns at once, or the sleeping one does |
//! | `PARKED` | `park`, over `EMPTY` only | a thread sleeps, or is about to, and must be called |
//!
//! Only a waker that finds `PARKED` has to touch the lock and the condition variable. Many wakes
//! before a `park` are one, and none of them calls the operating system.

use std::cell::Cell;
use std::fmt;
use std::pin::pin;
// A `Waker` is made of std's `Arc` and no other.
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::atomic::{
    AtomicU8,
    Ordering::{AcqRel, Acquire, Release},
};
use crate::sync::{Condvar, Mutex, PoisonError};

/// Runs a future to its end on this thread, which sleeps whenever the future waits.
///
/// # Panics
///
/// If the thread is inside an executor already (see [`enter`](crate::enter::enter)), and when the
/// future panics.
///
/// ```
/// let sum = executor::block_on(async { 1 + std::future::ready(2).await });
/// assert_eq!(sum, 3);
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    let _entered = enter("block_on");
    let mut future = pin!(future);
    let Bed { parker, waker } = Bed::of_this_thread();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Bed { parker, waker }.keep();
            return output;
        }
        parker.park();
    }
}

/// Puts a thread to sleep until its waker is woken.
///
/// One thread at a time may park. It need not be the thread that made the parker.
///
/// ```
/// use executor::Parker;
///
/// let parker = Parker::new();
/// let waker = parker.waker();
/// std::thread::spawn(move || waker.wake());
/// parker.park();
/// ```
pub struct Parker {
    /// Shared with the wakers.
    inner: Arc<Inner>,
}

struct Inner {
    /// `EMPTY`, `NOTIFIED` or `PARKED`.
    state: AtomicU8,
    /// Guards nothing but the moment between the look at `state` and the sleep.
    sleep: Mutex<()>,
    /// What a parked thread sleeps on.
    called: Condvar,
}

const EMPTY: u8 = 0;
const NOTIFIED: u8 = 1;
const PARKED: u8 = 2;

impl Parker {
    /// A parker that nobody has woken.
    #[must_use]
    pub fn new() -> Self {
        let inner = Inner {
            state: AtomicU8::new(EMPTY),
            sleep: Mutex::new(()),
            called: Condvar::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Sleeps until the waker is woken. Returns at once if it was woken since the last `park`.
    pub fn park(&self) {
        if self.inner.take_notice() {
            return;
        }
        let mut sleep = lock(&self.inner.sleep);
        // A wake may have come since the look above: then this fails, and the loop does not sleep.
        let _ = (self.inner.state).compare_exchange(EMPTY, PARKED, Acquire, Acquire);
        while !self.inner.take_notice() {
            sleep = (self.inner.called.wait(sleep)).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Wakes the thread that parks here, from any thread.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.inner))
    }
}

impl Inner {
    /// Whether a wake has come since this last said yes. `Acquire`: what the waking thread did
    /// before its wake is seen after it.
    fn take_notice(&self) -> bool {
        (self.state)
            .compare_exchange(NOTIFIED, EMPTY, Acquire, Acquire)
            .is_ok()
    }
}

impl Wake for Inner {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(NOTIFIED, AcqRel) == PARKED {
            // The thread holds the lock from when it sets `PARKED` until it sleeps. Once the lock
            // is free it sleeps, and hears the call.
            drop(lock(&self.sleep));
            self.called.notify_one();
        }
    }
}

impl Default for Parker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Parker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parker").finish_non_exhaustive()
    }
}

/// What a call of [`block_on`] sleeps in: two allocations that the next call may use again.
struct Bed {
    parker: Parker,
    waker: Waker,
}

thread_local! {
    /// Taken while `block_on` runs, so that a nested call could never sleep in the same bed.
    static FREE: Cell<Option<Bed>> = const { Cell::new(None) };
}

impl Bed {
    fn of_this_thread() -> Self {
        // In the destructor of another thread-local variable this one may be gone already.
        let free = FREE.try_with(Cell::take).ok().flatten();
        free.unwrap_or_else(|| {
            let parker = Parker::new();
            let waker = parker.waker();
            Self { parker, waker }
        })
    }

    /// Leaves the bed to the next call, unless somebody has kept a waker: a late wake of this
    /// future is no reason to poll the next one.
    fn keep(self) {
        let inner = &self.parker.inner;
        if Arc::strong_count(inner) == 2 {
            inner.state.store(EMPTY, Release);
            let _ = FREE.try_with(|free| free.set(Some(self)));
        }
    }
}
