//! Which of many futures in one task were woken.
//!
//! To poll all of a thousand futures whenever one of them is woken would be a thousand polls for one.
//! So each gets a waker of its own, which notes its number before it wakes the task: an executor
//! inside a task.

use std::collections::BTreeSet;
use std::mem;
use std::task::{Context, Wake, Waker};

use waker_timer::AtomicWaker;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// The numbers that were woken, and the task that polls them.
#[derive(Debug, Default)]
pub(crate) struct Woken {
    /// Each is here once, however often it was woken: so there are no more of them than futures.
    numbers: Mutex<BTreeSet<usize>>,
    /// The task of the latest [`take`](Self::take).
    task: AtomicWaker,
}

/// Wakes the task, and notes for whom.
struct ChildWaker {
    number: usize,
    woken: Arc<Woken>,
}

impl Woken {
    /// A waker for one more future, which counts as woken: it has not been polled yet.
    pub(crate) fn add(self: &Arc<Self>, number: usize) -> Waker {
        lock(&self.numbers).insert(number);
        Waker::from(Arc::new(ChildWaker {
            number,
            woken: Arc::clone(self),
        }))
    }

    /// Who was woken since the last time. Whoever is woken from now on wakes this task.
    pub(crate) fn take(&self, cx: &mut Context<'_>) -> BTreeSet<usize> {
        // Registered before the look.
        self.task.register(cx.waker());
        mem::take(&mut *lock(&self.numbers))
    }
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // The note before the wake: the poll that follows must find it.
        lock(&self.woken.numbers).insert(self.number);
        self.woken.task.wake();
    }
}
