// expect: pass with advice drops-under-lock
//! Drops the waker of an earlier poll while it holds the lock.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;

/// Notifies one waiting task at a time.
#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    permit: bool,
    first: Option<NonNull<Node>>,
    last: Option<NonNull<Node>>,
}

// SAFETY: the nodes are reached under the lock only, and hold a `Waker`, which is Send and Sync.
unsafe impl Send for State {}

impl State {
    fn enqueue(&mut self, node: &Node) {
        let p = NonNull::from(node);
        node.linked.set(true);
        node.prev.set(self.last);
        node.next.set(None);
        match self.last {
            // SAFETY: linked nodes are alive.
            Some(last) => unsafe { last.as_ref() }.next.set(Some(p)),
            None => self.first = Some(p),
        }
        self.last = Some(p);
    }

    fn unlink(&mut self, node: &Node) {
        let (prev, next) = (node.prev.take(), node.next.take());
        match prev {
            // SAFETY: linked nodes are alive.
            Some(prev) => unsafe { prev.as_ref() }.next.set(next),
            None => self.first = next,
        }
        match next {
            // SAFETY: linked nodes are alive.
            Some(next) => unsafe { next.as_ref() }.prev.set(prev),
            None => self.last = prev,
        }
        node.linked.set(false);
    }
}

impl Notify {
    /// Nobody waits, and no permit is stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notifies the task that has waited longest, or stores a permit if none waits.
    pub fn notify_one(&self) {
        let waker = {
            let mut state = lock(&self.state);
            match state.first {
                None => {
                    state.permit = true;
                    None
                }
                Some(node) => {
                    // SAFETY: linked nodes are alive, and we have the lock.
                    let node = unsafe { node.as_ref() };
                    state.unlink(node);
                    node.waker.take()
                }
            }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// A future that is ready when it has been notified.
    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            stage: Cell::new(Stage::New),
            node: Node::default(),
            _pinned: PhantomPinned,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    New,
    Waiting,
    Done,
}

/// Made by [`Notify::notified`].
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    stage: Cell<Stage>,
    node: Node,
    _pinned: PhantomPinned,
}

// SAFETY: the node is shared under the lock only.
unsafe impl Send for Notified<'_> {}

/// One place in the list.
#[derive(Default)]
struct Node {
    prev: Cell<Option<NonNull<Node>>>,
    next: Cell<Option<NonNull<Node>>>,
    waker: Cell<Option<Waker>>,
    linked: Cell<bool>,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.into_ref().get_ref();
        if this.stage.get() == Stage::Done {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        let mut state = lock(&this.notify.state);
        let mut old = None;
        match this.stage.get() {
            Stage::New if mem::take(&mut state.permit) => this.stage.set(Stage::Done),
            Stage::New => {
                state.enqueue(&this.node);
                old = this.node.waker.replace(Some(waker));
                this.stage.set(Stage::Waiting);
            }
            _ if this.node.linked.get() => this.node.waker.set(Some(waker)),
            _ => this.stage.set(Stage::Done),
        }
        drop(state);
        drop(old);
        match this.stage.get() {
            Stage::Done => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let this = &*self;
        if this.stage.get() != Stage::Waiting {
            return;
        }
        let mut state = lock(&this.notify.state);
        let linked = this.node.linked.get();
        if linked {
            state.unlink(&this.node);
        }
        drop(state);
        if !linked {
            this.notify.notify_one();
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
