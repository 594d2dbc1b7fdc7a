//! A channel in which everybody hears everything: a clone for each.
//!
//! Somebody always listens more slowly than the others. If the sender waited for him, everybody
//! would; if everything were kept until he has heard it, memory would grow without end. So a
//! broadcast keeps the latest few values, and who is further behind is told how many he has missed.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::broadcast_log::Log;
use crate::lock::lock;
use crate::send_error::SendError;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;

pub use crate::recv_error::RecvError;

/// A channel that keeps the latest `capacity` values for those who have not heard them yet.
///
/// # Panics
///
/// Panics if `capacity` is 0.
///
/// ```
/// use async_await::broadcast::{self, RecvError};
///
/// let sender = broadcast::channel(2);
/// let (mut quick, mut slow) = (sender.subscribe(), sender.subscribe());
/// executor::block_on(async {
///     sender.send("one").unwrap();
///     assert_eq!(quick.recv().await, Ok("one"));
///     sender.send("two").unwrap();
///     sender.send("three").unwrap();
///     assert_eq!(quick.recv().await, Ok("two"));
///     assert_eq!(slow.recv().await, Err(RecvError::Lagged(1)));
///     assert_eq!(slow.recv().await, Ok("two"));
///     drop(sender);
///     assert_eq!(slow.recv().await, Ok("three"));
///     assert_eq!(slow.recv().await, Err(RecvError::Closed));
/// });
/// ```
#[must_use]
pub fn channel<T>(capacity: usize) -> Sender<T> {
    assert!(
        capacity > 0,
        "a channel that keeps nothing passes nothing on"
    );
    Sender {
        channel: Arc::new(Mutex::new(State {
            log: Log::new(capacity),
            waiting: WaitQueue::new(),
            senders: 1,
            receivers: 0,
        })),
    }
}

struct State<T> {
    /// What was sent, as far as it is kept.
    log: Log<T>,
    /// Receivers that have heard everything.
    waiting: WaitQueue,
    /// How many senders there are.
    senders: usize,
    /// How many receivers there are.
    receivers: usize,
}

/// Sends values to everybody. Clone it for more senders.
pub struct Sender<T> {
    /// Never locked while a waker is cloned, woken or dropped, or a value cloned or dropped.
    channel: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    /// Sends a value to all who listen now, and says to how many. It never waits.
    ///
    /// # Errors
    ///
    /// Gives the value back if nobody listens.
    pub fn send(&self, value: T) -> Result<usize, SendError<T>> {
        let mut state = lock(&self.channel);
        let receivers = state.receivers;
        if receivers == 0 {
            return Err(SendError(value));
        }
        let oldest = state.log.push(value);
        let waiting = state.waiting.drain();
        drop(state);
        drop(oldest);
        for waker in waiting {
            waker.wake();
        }
        Ok(receivers)
    }

    /// A receiver of everything that is sent from now on.
    pub fn subscribe(&self) -> Receiver<T> {
        let mut state = lock(&self.channel);
        state.receivers += 1;
        Receiver {
            channel: Arc::clone(&self.channel),
            heard: state.log.sent(),
            waits: None,
        }
    }

    /// How many receivers there are.
    #[must_use]
    pub fn receivers(&self) -> usize {
        lock(&self.channel).receivers
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
        let waiting = (state.senders == 0).then(|| state.waiting.drain());
        drop(state);
        for waker in waiting.into_iter().flatten() {
            waker.wake();
        }
    }
}

/// Hears what is sent, at its own pace.
pub struct Receiver<T> {
    channel: Arc<Mutex<State<T>>>,
    /// How many of all values it has heard or missed.
    heard: u64,
    /// Its number among those who wait.
    waits: Option<u64>,
}

impl<T: Clone> Receiver<T> {
    /// Waits for the next value.
    ///
    /// Cancellation: dropped before it is ready, it has heard nothing, and keeps no task alive.
    ///
    /// # Errors
    ///
    /// See [`RecvError`].
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv { receiver: self }
    }

    /// As [`recv`](Self::recv), for a future written by hand.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, RecvError>> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.channel);
        let next = state.next(&mut self.heard);
        // A new place at each poll: all who wait are woken at once, so none is better than another.
        let number = self.waits.take();
        let earlier = number.and_then(|number| state.waiting.remove(number));
        let spare = match next {
            Some(_) => Some(waker),
            None => {
                self.waits = Some(state.waiting.push((), waker));
                None
            }
        };
        drop(state);
        drop((earlier, spare));
        match next {
            Some(next) => Poll::Ready(next.map(Arc::unwrap_or_clone)),
            None => Poll::Pending,
        }
    }
}

impl<T> Receiver<T> {
    /// Takes its waker out of the channel.
    fn leave(&mut self) {
        if let Some(number) = self.waits.take() {
            let own = lock(&self.channel).waiting.remove(number);
            drop(own);
        }
    }
}

/// Made by [`Receiver::recv`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Recv<'a, T> {
    receiver: &'a mut Receiver<T>,
}

impl<T: Clone> Future for Recv<'_, T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.receiver.poll_recv(cx)
    }
}

impl<T> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        self.receiver.leave();
    }
}

impl<T> State<T> {
    /// What comes after so many values; `None` if it is yet to be sent.
    fn next(&self, heard: &mut u64) -> Option<Result<Arc<T>, RecvError>> {
        match self.log.next(heard) {
            Some(next) => Some(next.map_err(RecvError::Lagged)),
            None => (self.senders == 0).then_some(Err(RecvError::Closed)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.leave();
        let mut state = lock(&self.channel);
        state.receivers -= 1;
        // What nobody will hear any more.
        let unheard = (state.receivers == 0).then(|| state.log.take_all());
        drop(state);
        drop(unheard);
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
