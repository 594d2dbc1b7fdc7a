// expect: fail lost-room
//! Dropped when it was woken, it gives its place back only if nobody else has left one free by then.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::send_error::{SendError, TrySendError};
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;

/// A channel with room for so many values.
///
/// # Panics
///
/// Panics if `capacity` is 0: who sends would wait for room that there never is.
///
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
    /// What was sent and not received, the oldest first.
    queue: VecDeque<T>,
    /// Places that nobody has. Zero while somebody waits for one.
    room: usize,
    /// Senders that wait for a place.
    waiting: WaitQueue,
    /// The receiver, while it waits for a value.
    receiver: Option<Waker>,
    /// How many senders there are.
    senders: usize,
    /// Whether nothing more is taken.
    closed: bool,
}

/// Sends values. Clone it for more senders.
pub struct Sender<T> {
    /// Never locked while a waker is cloned, woken or dropped, or a value dropped.
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    /// Sends a value, and waits for room if there is none.
    ///
    /// Cancellation: dropped before it is ready, it has sent nothing; the value is dropped.
    ///
    /// # Errors
    ///
    /// Gives the value back if nobody receives any more.
    pub fn send(&self, value: T) -> Send<'_, T> {
        Send {
            sender: self,
            value: Some(value),
            waits: None,
        }
    }

    /// Sends a value if there is room now, and nobody waits for it.
    ///
    /// # Errors
    ///
    /// Gives the value back if there is no room, or nobody receives any more.
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
    /// Whether a sender has a place now, and a waker that nobody needs any more: `waker` if it has
    /// one, or the one that `waker` has replaced.
    fn place(&mut self, waits: &mut Option<u64>, waker: Waker) -> (bool, Option<Waker>) {
        match *waits {
            // A place may have become free since the last look.
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

    /// Puts a value into a place that was taken before. Gives whom to wake.
    fn put(&mut self, value: T) -> Option<Waker> {
        self.queue.push_back(value);
        self.receiver.take()
    }

    /// A place is free: it is for the sender that waits longest, or for whoever comes. Gives whom to
    /// wake.
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

/// Made by [`Sender::send`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Send<'a, T> {
    sender: &'a Sender<T>,
    /// What is to be sent. `None` when it has been.
    value: Option<T>,
    /// Its number in the queue for a place; it has been given one, if the queue has the number no more.
    waits: Option<u64>,
}

// The value is moved, never pinned.
impl<T> Unpin for Send<'_, T> {}

impl<T> Future for Send<'_, T> {
    type Output = Result<(), SendError<T>>;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`.
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
        // It had been given a place, and gives it on.
        let next = match left {
            None if state.room == 0 => state.free_place(),
            _ => None,
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
        // The receiver waits for nobody now.
        let receiver = match state.senders {
            0 => state.receiver.take(),
            _ => None,
        };
        drop(state);
        wake(receiver);
    }
}

/// Receives what is sent: see [`recv`](Self::recv). It is a [`Stream`](futures::Stream) too.
pub struct Receiver<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Receiver<T> {
    /// The next value; `None` when everything has been received, and no more will come.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let (received, next) = lock(&self.channel).take();
        if let Some(received) = received {
            wake(next);
            return Poll::Ready(received);
        }
        let waker = cx.waker().clone();
        let mut state = lock(&self.channel);
        // One lock for the second look and the registration: nothing comes in between.
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

    /// Nobody waits for a value (any more).
    pub(crate) fn stop_waiting(&mut self) {
        let own = lock(&self.channel).receiver.take();
        drop(own);
    }

    /// Takes nothing more, and sends those away who wait to send. What was sent can still be received.
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
    /// The next value, if there is one or never will be, and whom to wake.
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
        // Out of the channel, which lives on as long as a sender does.
        let queue = std::mem::take(&mut lock(&self.channel).queue);
        drop(queue);
    }
}
