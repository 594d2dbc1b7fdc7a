//! A channel from many senders to one receiver, with a limit.
//!
//! The channel has a number of places. Who sends takes one, and waits if there is none: so a fast
//! producer goes at the pace of a slow consumer (*back-pressure*), and memory has a limit. Who
//! receives makes a place free and hands it to the sender that has waited longest.
//!
//! A sender that was dropped while it waited has sent nothing, and its place is not lost: see
//! `wait_queue.rs`.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::Stream;

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
/// ```
/// use async_await::mpsc;
/// use executor::CurrentThread;
///
/// let mut runtime = CurrentThread::new();
/// let (sender, mut receiver) = mpsc::channel(1);
/// runtime.spawn(async move {
///     for number in 1..=3 {
///         sender.send(number).await.expect("somebody receives");
///     }
/// });
/// runtime.block_on(async {
///     assert_eq!(receiver.recv().await, Some(1));
///     assert_eq!(receiver.recv().await, Some(2));
///     assert_eq!(receiver.recv().await, Some(3));
///     assert_eq!(receiver.recv().await, None);
/// });
/// ```
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

    /// Whether nobody receives any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        lock(&self.channel).closed
    }
}

impl<T> State<T> {
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
        let value = self
            .value
            .take()
            .expect("a `Send` was polled after it was ready");
        let value = match self.waits {
            Some(_) => value,
            None => match self.sender.try_send(value) {
                Ok(()) => return Poll::Ready(Ok(())),
                Err(TrySendError::Closed(value)) => return Poll::Ready(Err(SendError(value))),
                Err(TrySendError::Full(value)) => value,
            },
        };
        let waker = cx.waker().clone();
        let mut state = lock(&self.sender.channel);
        if state.closed {
            drop(state);
            self.waits = None;
            return Poll::Ready(Err(SendError(value)));
        }
        let spare = match self.waits {
            // A place may have become free since the look above.
            None if state.room > 0 => {
                state.room -= 1;
                Err(waker)
            }
            None => {
                self.waits = Some(state.waiting.push((), waker));
                drop(state);
                self.value = Some(value);
                return Poll::Pending;
            }
            Some(number) => state.waiting.set_waker(number, waker),
        };
        if spare.is_ok() {
            drop(state);
            self.value = Some(value);
            return Poll::Pending;
        }
        let receiver = state.put(value);
        drop(state);
        self.waits = None;
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
        // The receiver waits for nobody now.
        let receiver = match state.senders {
            0 => state.receiver.take(),
            _ => None,
        };
        drop(state);
        wake(receiver);
    }
}

/// Receives what is sent. It is a [`Stream`] too.
pub struct Receiver<T> {
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Receiver<T> {
    /// Waits for the next value. `None` when all senders are gone, or the channel was
    /// [closed](Self::close), and everything has been received.
    ///
    /// Cancellation: dropped before it is ready, it has received nothing, and keeps no task alive.
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv {
            receiver: self,
            waits: false,
        }
    }

    /// As [`recv`](Self::recv), for a future written by hand.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if let Some(received) = self.try_recv() {
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

    /// The next value, if there is one: `Some(None)` at the end, `None` if one may still come.
    pub fn try_recv(&mut self) -> Option<Option<T>> {
        let (received, next) = lock(&self.channel).take();
        wake(next);
        received
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

/// Made by [`Receiver::recv`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Recv<'a, T> {
    receiver: &'a mut Receiver<T>,
    /// Whether its waker is in the channel.
    waits: bool,
}

impl<T> Future for Recv<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let received = self.receiver.poll_recv(cx);
        self.waits = received.is_pending();
        received
    }
}

impl<T> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        if self.waits {
            let own = lock(&self.receiver.channel).receiver.take();
            drop(own);
        }
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_recv(cx)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.close();
        let mut state = lock(&self.channel);
        let queue = std::mem::take(&mut state.queue);
        let own = state.receiver.take();
        drop(state);
        drop((queue, own));
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Send<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Send").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
