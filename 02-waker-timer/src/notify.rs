//! One task waits until another one says "now".
//!
//! The API and the rules are a small part of Tokio's `Notify`: there is at most one stored permit,
//! and waiters are served in the order in which they came.
//!
//! The queue is the whole state. A waiter stands in it with its number and its waker; who is
//! notified is taken out. So a waiter that finds its number no more has been notified. Numbers only
//! grow, so the queue is sorted by them.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::Mutex;

/// Notifies one waiting task at a time.
///
/// A notification that nobody waits for is stored as a *permit*: the next who waits takes it and
/// goes on at once. There is one permit at most, so two such notifications let one waiter through,
/// not two.
///
/// ```
/// use waker_timer::Notify;
///
/// let notify = Notify::new();
/// notify.notify_one();
/// notify.notify_one();
/// futures::executor::block_on(notify.notified());
/// // The one permit is used up: the next `notified()` would wait.
/// ```
#[derive(Debug, Default)]
pub struct Notify {
    /// Never locked while a waker is cloned, woken or dropped: each of these may come back here.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether a notification came when nobody waited. Never set while somebody does.
    permit: bool,
    /// Who waits, the longest waiting first; ascending by number.
    waiters: VecDeque<Waiter>,
    /// The number for the next waiter.
    next: u64,
}

#[derive(Debug)]
struct Waiter {
    /// By this a [`Notified`] finds its place again.
    number: u64,
    /// The waker of its latest poll.
    waker: Waker,
}

impl Notify {
    /// Nobody waits, and no permit is stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notifies the task that has waited longest, or stores a permit if none waits.
    pub fn notify_one(&self) {
        let first = {
            let mut state = lock(&self.state);
            let first = state.waiters.pop_front();
            state.permit |= first.is_none();
            first
        };
        if let Some(waiter) = first {
            waiter.waker.wake();
        }
    }

    /// A future that is ready when it has been notified.
    ///
    /// It takes its place in the queue, or the permit, at its *first poll*: of two that are made
    /// one after the other, the one that is polled first is served first.
    ///
    /// ```
    /// use futures::{executor::block_on, future::join};
    /// use waker_timer::Notify;
    ///
    /// let notify = Notify::new();
    /// // `join` polls the left one first, so it waits already when the right one notifies.
    /// block_on(join(notify.notified(), async { notify.notify_one() }));
    /// ```
    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            stage: Stage::New,
        }
    }
}

/// Made by [`Notify::notified`].
///
/// If it is dropped after it was notified and before it could say so, the notification goes to the
/// next waiter, or is stored as the permit: it is not lost.
///
/// Polled again after `Ready`, it is `Ready` again, and uses up no further permit.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    /// Where it waits.
    notify: &'a Notify,
    /// How far it has come.
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Not polled yet: it stands in no queue.
    New,
    /// Waiting under this number; notified if the queue has the number no more.
    Waiting(u64),
    /// It has said `Ready`: what it was given is used up.
    Done,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Stage::Done = self.stage {
            return Poll::Ready(());
        }
        // Made before the lock is taken, so dropped after it is released; and by then this variable
        // holds the waker of an earlier poll. A waker's clone and drop are somebody else's code:
        // the drop of a task's last waker drops the task, and with it perhaps a `Notified` that
        // wants this lock.
        let mut waker = cx.waker().clone();
        let mut state = lock(&self.notify.state);
        let stage = match self.stage {
            Stage::Waiting(number) => match state.place_of(number) {
                Some(place) => {
                    mem::swap(&mut state.waiters[place].waker, &mut waker);
                    Stage::Waiting(number)
                }
                None => Stage::Done,
            },
            _ if mem::take(&mut state.permit) => Stage::Done,
            _ => Stage::Waiting(state.enqueue(waker)),
        };
        drop(state);
        self.stage = stage;
        match self.stage {
            Stage::Done => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let Stage::Waiting(number) = self.stage else {
            return;
        };
        let waiting = lock(&self.notify.state).leave(number);
        if waiting.is_none() {
            // Notified, and never polled again. Somebody else may be waiting for just that.
            self.notify.notify_one();
        }
    }
}

impl State {
    /// Puts a new waiter at the end, and gives its number.
    fn enqueue(&mut self, waker: Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiters.push_back(Waiter { number, waker });
        number
    }

    /// Where a waiter stands, or `None` if it has been notified.
    fn place_of(&self, number: u64) -> Option<usize> {
        self.waiters
            .binary_search_by_key(&number, |waiter| waiter.number)
            .ok()
    }

    /// Takes a waiter out of the queue, if it is still there.
    fn leave(&mut self, number: u64) -> Option<Waiter> {
        let place = self.place_of(number)?;
        self.waiters.remove(place)
    }
}
