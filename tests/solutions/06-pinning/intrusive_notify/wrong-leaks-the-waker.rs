// expect: fail keeps-task-alive
//! Its drop takes the waker out, and never drops it: the task is never freed.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::ptr::NonNull;
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
            Some(first) => first.waker.take(),
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
            node: Node::default(),
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
    node: Node,
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
                unsafe { state.waiters.push_back(&this.node) };
                Stage::Waiting
            }
            Stage::Waiting if this.node.queued.get() => Stage::Waiting,
            _ => Stage::Done,
        };
        if let Stage::Waiting = stage {
            waker = this.node.waker.replace(waker);
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
        let was_queued = lock(&self.notify.state).waiters.remove(&self.node);
        mem::forget(self.node.waker.take());
        if !was_queued {
            // Notified, and never polled again. Somebody else may be waiting for just that.
            self.notify.notify_one();
        }
    }
}

/// One place in the list. The waker in it is dropped with it, under no lock.
#[derive(Default)]
struct Node {
    previous: Cell<Option<NonNull<Node>>>,
    next: Cell<Option<NonNull<Node>>>,
    /// Of the latest poll. `None` when it has been woken.
    waker: Cell<Option<Waker>>,
    /// Whether it is in the list.
    queued: Cell<bool>,
}

/// Nodes, linked in both directions: any of them can leave at once.
#[derive(Default)]
struct List {
    first: Option<NonNull<Node>>,
    last: Option<NonNull<Node>>,
}

// SAFETY: what the pointers lead to is touched by whoever has the list (see the protocol), and a waker can be sent.
unsafe impl Send for List {}

impl List {
    /// Puts a node at the end.
    ///
    /// # Safety
    ///
    /// The node is in no list, and stays alive and where it is until it is taken out.
    unsafe fn push_back(&mut self, node: &Node) {
        let link = Some(NonNull::from(node));
        node.previous.set(self.last);
        node.next.set(None);
        node.queued.set(true);
        self.next_of(self.last, link);
        self.last = link;
    }

    /// Takes the first node out.
    fn pop_front(&mut self) -> Option<&Node> {
        // SAFETY: it is in the list, so whoever put it there keeps it alive.
        let first = unsafe { self.first?.as_ref() };
        self.remove(first);
        Some(first)
    }

    /// Takes a node out, and says whether it was in.
    fn remove(&mut self, node: &Node) -> bool {
        if !node.queued.replace(false) {
            return false;
        }
        let (previous, next) = (node.previous.take(), node.next.take());
        self.next_of(previous, next);
        self.previous_of(next, previous);
        true
    }

    /// Lets `next` follow `node`; if there is no such node, it is the first.
    fn next_of(&mut self, node: Option<NonNull<Node>>, next: Option<NonNull<Node>>) {
        match node {
            // SAFETY: it is in the list, so whoever put it there keeps it alive.
            Some(node) => unsafe { node.as_ref() }.next.set(next),
            None => self.first = next,
        }
    }

    /// Lets `previous` precede `node`; if there is no such node, it is the last.
    fn previous_of(&mut self, node: Option<NonNull<Node>>, previous: Option<NonNull<Node>>) {
        match node {
            // SAFETY: it is in the list, so whoever put it there keeps it alive.
            Some(node) => unsafe { node.as_ref() }.previous.set(previous),
            None => self.last = previous,
        }
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
