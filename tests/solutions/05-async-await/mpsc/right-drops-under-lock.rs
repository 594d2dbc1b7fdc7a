// expect: pass with advice drops-under-lock
//! Clears the queue and the waker while it holds the lock.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::send_error::{SendError, TrySendError};
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;

#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel without room passes nothing on");
    let channel = Arc::new(Mutex::new(State {
        queue: VecDeque::new(),
        room: capacity,
        waiting: WaitQueue::new(),
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
    room: usize,
    waiting: WaitQueue,
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
        if state.room == 0 {
            return Err(TrySendError::Full(value));
        }
        state.room -= 1;
        let receiver = state.put(value);
        drop(state);
        wake(receiver);
        Ok(())
    }
}

impl<T> State<T> {
    fn place(&mut self, waits: &mut Option<u64>, waker: Waker) -> (bool, Option<Waker>) {
        match *waits {
            None if self.room > 0 => {
                self.room -= 1;
                (true, Some(waker))
            }
            None => {
                *waits = Some(self.waiting.push((), waker));
                (false, None)
            }
            Some(number) => match self.waiting.set_waker(number, waker) {
                Ok(previous) => (false, Some(previous)),
                Err(waker) => {
                    *waits = None;
                    (true, Some(waker))
                }
            },
        }
    }

    fn put(&mut self, value: T) -> Option<Waker> {
        self.queue.push_back(value);
        self.receiver.take()
    }

    fn free_place(&mut self) -> Option<Waker> {
        let next = self.waiting.pop();
        if next.is_none() {
            self.room += 1;
        }
        next.map(|((), waker)| waker)
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
        let mut value = (send.value.take()).expect("a `Send` was polled after it was ready");
        if send.waits.is_none() {
            value = match send.sender.try_send(value) {
                Ok(()) => return Poll::Ready(Ok(())),
                Err(TrySendError::Closed(value)) => return Poll::Ready(Err(SendError(value))),
                Err(TrySendError::Full(value)) => value,
            };
        }
        let waker = cx.waker().clone();
        let mut state = lock(&send.sender.channel);
        if state.closed {
            drop(state);
            send.waits = None;
            return Poll::Ready(Err(SendError(value)));
        }
        let (has_place, spare) = state.place(&mut send.waits, waker);
        if !has_place {
            drop(state);
            drop(spare);
            send.value = Some(value);
            return Poll::Pending;
        }
        let receiver = state.put(value);
        drop(state);
        drop(spare);
        wake(receiver);
        Poll::Ready(Ok(()))
    }
}

impl<T> Drop for Send<'_, T> {
    fn drop(&mut self) {
        let Some(number) = self.waits else {
            return;
        };
        let mut state = lock(&self.sender.channel);
        let left = state.waiting.remove(number);
        let next = match left {
            None => state.free_place(),
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
        lock(&self.channel).receiver = None;
    }

    pub fn close(&mut self) {
        let mut state = lock(&self.channel);
        state.closed = true;
        let waiting = state.waiting.drain();
        drop(state);
        for waker in waiting {
            waker.wake();
        }
    }
}

impl<T> State<T> {
    fn take(&mut self) -> (Option<Option<T>>, Option<Waker>) {
        match self.queue.pop_front() {
            Some(value) => (Some(Some(value)), self.free_place()),
            None if self.closed || self.senders == 0 => (Some(None), None),
            None => (None, None),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.close();
        self.stop_waiting();
        lock(&self.channel).queue.clear();
    }
}
