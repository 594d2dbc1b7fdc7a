//! What the parts of a server share of its end, and how they wait for it: see `graceful_shutdown.rs`.

use std::pin::Pin;
use std::task::{Context, Poll};

use crate::lock::lock;
use crate::sync::Mutex;
use crate::wait_queue::WaitQueue;

/// What all clones of a `Shutdown` share. Whoever changes it wakes those who wait for that, after unlocking.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Whether it is over.
    pub(crate) begun: bool,
    /// How many connections are open.
    pub(crate) inside: usize,
    /// Those who wait for the beginning of the end.
    pub(crate) waiting: WaitQueue,
    /// Those who wait for the last connection to go.
    pub(crate) draining: WaitQueue,
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// The beginning of the end.
    Begun,
    /// The last connection's end.
    Empty,
}

impl State {
    fn is(&self, until: Until) -> bool {
        match until {
            Until::Begun => self.begun,
            Until::Empty => self.inside == 0,
        }
    }

    fn queue(&mut self, until: Until) -> &mut WaitQueue {
        match until {
            Until::Begun => &mut self.waiting,
            Until::Empty => &mut self.draining,
        }
    }
}

/// Waits for one of the two.
///
/// Cancellation: dropped before it is ready, it keeps no task alive.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub(crate) struct Wait<'a> {
    shared: &'a Mutex<State>,
    until: Until,
    /// Its number in the queue.
    number: Option<u64>,
}

impl<'a> Wait<'a> {
    pub(crate) fn new(shared: &'a Mutex<State>, until: Until) -> Self {
        Self {
            shared,
            until,
            number: None,
        }
    }

    /// Takes its waker out.
    fn leave(&mut self) {
        if let Some(number) = self.number.take() {
            let own = lock(self.shared).queue(self.until).remove(number);
            drop(own);
        }
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // A new place at each poll: simpler than to look for the old one, and nobody pushes in.
        self.leave();
        let waker = cx.waker().clone();
        let mut state = lock(self.shared);
        if state.is(self.until) {
            drop(state);
            return Poll::Ready(());
        }
        let number = state.queue(self.until).push((), waker);
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
