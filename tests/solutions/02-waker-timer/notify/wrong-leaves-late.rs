// expect: fail keeps-task-alive
//! A dropped waiter stays in the queue until its turn comes, and its waker with it (S2-15 class).

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{Arc, Mutex, MutexGuard};

#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    permit: bool,
    queue: VecDeque<Arc<Waiter>>,
}

/// A waiter's own place, which it shares with the queue.
#[derive(Default)]
struct Waiter(Mutex<Place>);

#[derive(Default)]
struct Place {
    notified: bool,
    waker: Option<Waker>,
}

impl Waiter {
    fn lock(&self) -> MutexGuard<'_, Place> {
        self.0.lock().expect("no waker panics")
    }
}

impl Notify {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn notify_one(&self) {
        let mut state = self.lock();
        let first = loop {
            let Some(first) = state.queue.pop_front() else {
                state.permit = true;
                return;
            };
            if Arc::strong_count(&first) > 1 {
                break first;
            }
        };
        let mut place = first.lock();
        place.notified = true;
        let waker = place.waker.take();
        drop(place);
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            waiter: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no waker panics")
    }
}

#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    /// While it waits.
    waiter: Option<Arc<Waiter>>,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let notify = self.notify;
        let mut state = notify.lock();
        let Some(waiter) = &self.waiter else {
            if std::mem::take(&mut state.permit) {
                return Poll::Ready(());
            }
            let waiter = Arc::new(Waiter::default());
            waiter.lock().waker = Some(cx.waker().clone());
            state.queue.push_back(Arc::clone(&waiter));
            self.waiter = Some(waiter);
            return Poll::Pending;
        };
        let mut place = waiter.lock();
        if place.notified {
            drop(place);
            self.waiter = None;
            return Poll::Ready(());
        }
        place.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let Some(waiter) = self.waiter.take() else {
            return;
        };
        if waiter.lock().notified {
            self.notify.notify_one();
        }
    }
}
