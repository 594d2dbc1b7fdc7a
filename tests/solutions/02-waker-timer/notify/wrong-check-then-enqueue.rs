// expect: fail check-then-register
//! Looks for the permit, and takes its place in a second step (S2-03, S2-21; event-listener 85e3474).

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{Mutex, MutexGuard};

#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    permit: bool,
    queue: VecDeque<(u64, Waker)>,
    next: u64,
}

impl Notify {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn notify_one(&self) {
        let mut state = self.lock();
        match state.queue.pop_front() {
            Some((_, waker)) => {
                drop(state);
                waker.wake();
            }
            None => state.permit = true,
        }
    }

    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            number: None,
            done: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no waker panics")
    }
}

#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    number: Option<u64>,
    done: bool,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.number.is_none() {
            let permit = std::mem::take(&mut self.notify.lock().permit);
            if permit {
                self.done = true;
                return Poll::Ready(());
            }
        }
        let waker = cx.waker().clone();
        let mut state = self.notify.lock();
        let Some(number) = self.number else {
            let number = state.next;
            state.next += 1;
            state.queue.push_back((number, waker));
            drop(state);
            self.number = Some(number);
            return Poll::Pending;
        };
        match state.queue.iter_mut().find(|(other, _)| *other == number) {
            Some((_, slot)) => {
                *slot = waker;
                Poll::Pending
            }
            None => {
                drop(state);
                self.done = true;
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number.filter(|_| !self.done) else {
            return;
        };
        let mut state = self.notify.lock();
        match state.queue.iter().position(|(other, _)| *other == number) {
            Some(place) => {
                state.queue.remove(place);
            }
            None => {
                drop(state);
                self.notify.notify_one();
            }
        }
    }
}
