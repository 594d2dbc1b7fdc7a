// expect: fail lost-wakeup
//! Wakes a sender only when the channel was full before: the second place becomes free in a channel that was not, because who
//! was woken for the first one has not come (S5-17).

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::send_error::{SendError, TrySendError};
use crate::sync::{Arc, Mutex};

#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel without room passes nothing on");
    let channel = Arc::new(Mutex::new(State {
        queue: VecDeque::new(),
        capacity,
        waiting: VecDeque::new(),
        next: 0,
        receiver: None,
        senders: 1,
        closed: false,
    }));
    let sender = Sender {
        channel: Arc::clone(&channel),
    };
    (sender, Receiver { channel })
}

struct State<T> {
    queue: VecDeque<T>,
    capacity: usize,
    waiting: VecDeque<(u64, Waker)>,
    next: u64,
    receiver: Option<Waker>,
    senders: usize,
    closed: bool,
}

pub struct Sender<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    pub fn send(&self, value: T) -> Send<'_, T> {
        Send {
            sender: self,
            value: Some(value),
            waits: None,
        }
    }

    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let mut state = lock(&self.channel);
        if state.closed {
            return Err(TrySendError::Closed(value));
        }
        if state.queue.len() == state.capacity {
            return Err(TrySendError::Full(value));
        }
        let receiver = state.put(value);
        drop(state);
        wake(receiver);
        Ok(())
    }
}

impl<T> State<T> {
    fn leave(&mut self, number: u64) -> Option<Waker> {
        let place = self.waiting.iter().position(|(waits, _)| *waits == number)?;
        self.waiting.remove(place).map(|(_, waker)| waker)
    }

    fn put(&mut self, value: T) -> Option<Waker> {
        self.queue.push_back(value);
        self.receiver.take()
    }

    fn next_sender(&mut self) -> Option<Waker> {
        if self.queue.len() + 1 != self.capacity {
            return None;
        }
        let (_, waker) = self.waiting.pop_front()?;
        Some(waker)
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Send<'a, T> {
    sender: &'a Sender<T>,
    value: Option<T>,
    waits: Option<u64>,
}

impl<T> Unpin for Send<'_, T> {}

impl<T> Future for Send<'_, T> {
    type Output = Result<(), SendError<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let send = &mut *self;
        let value = (send.value.take()).expect("a `Send` was polled after it was ready");
        let waker = cx.waker().clone();
        let mut state = lock(&send.sender.channel);
        let own = send.waits.and_then(|number| state.leave(number));
        if state.closed {
            send.waits = None;
            drop(state);
            drop(own);
            return Poll::Ready(Err(SendError(value)));
        }
        if state.queue.len() < state.capacity {
            send.waits = None;
            let receiver = state.put(value);
            drop(state);
            drop(own);
            wake(receiver);
            return Poll::Ready(Ok(()));
        }
        let number = state.next;
        state.next += 1;
        state.waiting.push_back((number, waker));
        send.waits = Some(number);
        drop(state);
        drop(own);
        send.value = Some(value);
        Poll::Pending
    }
}

impl<T> Drop for Send<'_, T> {
    fn drop(&mut self) {
        let Some(number) = self.waits else {
            return;
        };
        let mut state = lock(&self.sender.channel);
        let left = state.leave(number);
        let next = match left {
            None => state.next_sender(),
            Some(_) => None,
        };
        drop(state);
        drop(left);
        wake(next);
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        lock(&self.channel).senders += 1;
        Self {
            channel: Arc::clone(&self.channel),
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.channel);
        state.senders -= 1;
        let receiver = match state.senders {
            0 => state.receiver.take(),
            _ => None,
        };
        drop(state);
        wake(receiver);
    }
}

pub struct Receiver<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Receiver<T> {
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let (received, next) = lock(&self.channel).take();
        if let Some(received) = received {
            wake(next);
            return Poll::Ready(received);
        }
        let waker = cx.waker().clone();
        let mut state = lock(&self.channel);
        let (received, next) = state.take();
        let spare = match received {
            Some(_) => Some(waker),
            None => state.receiver.replace(waker),
        };
        drop(state);
        drop(spare);
        wake(next);
        received.map_or(Poll::Pending, Poll::Ready)
    }

    pub(crate) fn stop_waiting(&mut self) {
        let own = lock(&self.channel).receiver.take();
        drop(own);
    }

    pub fn close(&mut self) {
        let mut state = lock(&self.channel);
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for (_, waker) in waiting {
            waker.wake();
        }
    }
}

impl<T> State<T> {
    fn take(&mut self) -> (Option<Option<T>>, Option<Waker>) {
        match self.queue.pop_front() {
            Some(value) => {
                let next = self.next_sender();
                (Some(Some(value)), next)
            }
            None if self.closed || self.senders == 0 => (Some(None), None),
            None => (None, None),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.close();
        self.stop_waiting();
        let queue = std::mem::take(&mut lock(&self.channel).queue);
        drop(queue);
    }
}
