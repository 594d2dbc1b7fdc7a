// expect: pass
//! The node in an `UnsafeCell`, and raw pointers to its fields.

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;

/// Notifies one waiting task at a time, by the rules of stage 02.
///
/// A notification that nobody waits for is stored as a permit, one at most. Who has waited longest is served first.
#[derive(Default)]
pub struct Notify {
    /// Never locked while a waker is cloned, woken or dropped: each of these may come back here.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether a notification came when nobody waited. Never set while somebody does.
    permit: bool,
    /// Who waits, the longest waiting first.
    waiters: List,
}

impl Notify {
    /// Nobody waits, and no permit is stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notifies the task that has waited longest, or stores a permit if none waits.
    pub fn notify_one(&self) {
        let mut state = lock(&self.state);
        let waker = match state.waiters.pop_front() {
            // SAFETY: this holds the lock, and who waits cannot be gone as long as it is in the list.
            Some(first) => unsafe { (*first).waker.take() },
            None => {
                state.permit = true;
                None
            }
        };
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// A future that is ready when it has been notified. It takes its place, or the permit, at its first poll.
    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            stage: Cell::new(Stage::New),
            node: UnsafeCell::default(),
            _pinned: PhantomPinned,
        }
    }
}

/// Made by [`Notify::notified`].
///
/// If it is dropped after it was notified and before it could say so, the notification goes to the next waiter, or
/// is stored as the permit.
///
/// Polled again after `Ready`, it is `Ready` again, and uses up no further permit.
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    /// Where it waits.
    notify: &'a Notify,
    /// How far it has come. The future alone looks at this.
    stage: Cell<Stage>,
    /// Its place in the list. Others point to it.
    node: UnsafeCell<Node>,
    /// So it must not move.
    _pinned: PhantomPinned,
}

#[derive(Clone, Copy)]
enum Stage {
    /// Not polled yet: it is in no list.
    New,
    /// In the list, or notified: the node says which.
    Waiting,
    /// It has said `Ready`: what it was given is used up.
    Done,
}

// SAFETY: the node's cells are touched under the lock alone, and the other fields by whoever has the future.
unsafe impl Send for Notified<'_> {}
// SAFETY: nothing can be done with a `&Notified`.
unsafe impl Sync for Notified<'_> {}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_ref().get_ref();
        // Cloned before the lock is taken. By the end, this is the waker of an earlier poll, and is
        // dropped after the lock is released.
        let mut waker = Some(cx.waker().clone());
        let mut state = lock(&this.notify.state);
        let stage = match this.stage.get() {
            Stage::New if !mem::take(&mut state.permit) => {
                // SAFETY: the node is in a pinned future that is not `Unpin` and takes it out in its `Drop`; and
                // no node is put into the list twice, for it is put there once in its life.
                unsafe { state.waiters.push_back(this.node.get()) };
                Stage::Waiting
            }
            // SAFETY: this holds the lock.
            Stage::Waiting if unsafe { (*this.node.get()).queued } => Stage::Waiting,
            _ => Stage::Done,
        };
        if let Stage::Waiting = stage {
            // SAFETY: this holds the lock.
            mem::swap(unsafe { &mut (*this.node.get()).waker }, &mut waker);
        }
        drop(state);
        drop(waker);
        this.stage.set(stage);
        match stage {
            Stage::Done => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let Stage::Waiting = self.stage.get() else {
            return;
        };
        let mut state = lock(&self.notify.state);
        // SAFETY: this holds the lock, and the node is alive.
        let was_queued = unsafe { state.waiters.remove(self.node.get()) };
        drop(state);
        if !was_queued {
            // Notified, and never polled again. Somebody else may be waiting for just that.
            self.notify.notify_one();
        }
    }
}

/// One place in the list. The waker in it is dropped with it, under no lock.
struct Node {
    previous: *mut Node,
    next: *mut Node,
    /// Of the latest poll. `None` when it has been woken.
    waker: Option<Waker>,
    /// Whether it is in the list.
    queued: bool,
}

impl Default for Node {
    fn default() -> Self {
        Node {
            previous: ptr::null_mut(),
            next: ptr::null_mut(),
            waker: None,
            queued: false,
        }
    }
}

/// Nodes, linked in both directions: any of them can leave at once.
struct List {
    first: *mut Node,
    last: *mut Node,
}

impl Default for List {
    fn default() -> Self {
        List {
            first: ptr::null_mut(),
            last: ptr::null_mut(),
        }
    }
}

// SAFETY: what the pointers lead to is touched by whoever has the list, and a waker can be sent.
unsafe impl Send for List {}

impl List {
    /// # Safety
    ///
    /// The node is in no list, and stays alive and where it is until it is taken out.
    unsafe fn push_back(&mut self, node: *mut Node) {
        // SAFETY: the caller's node is alive, and nobody else has the list.
        unsafe {
            (*node).previous = self.last;
            (*node).next = ptr::null_mut();
            (*node).queued = true;
            match self.last.is_null() {
                true => self.first = node,
                false => (*self.last).next = node,
            }
        }
        self.last = node;
    }

    fn pop_front(&mut self) -> Option<*mut Node> {
        let first = self.first;
        if first.is_null() {
            return None;
        }
        // SAFETY: it is in the list.
        unsafe { self.remove(first) };
        Some(first)
    }

    /// # Safety
    ///
    /// The node is alive.
    unsafe fn remove(&mut self, node: *mut Node) -> bool {
        // SAFETY: the caller's node is alive, and so are its neighbours in the list.
        unsafe {
            if !mem::take(&mut (*node).queued) {
                return false;
            }
            let Node { previous, next, .. } = *node;
            match previous.is_null() {
                true => self.first = next,
                false => (*previous).next = next,
            }
            match next.is_null() {
                true => self.last = previous,
                false => (*next).previous = previous,
            }
        }
        true
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").finish_non_exhaustive()
    }
}

impl fmt::Debug for Notified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notified").finish_non_exhaustive()
    }
}
