//! A channel in which everybody hears everything: a clone for each.
//!
//! Somebody always listens more slowly than the others. If the sender waited for him, everybody
//! would; if everything were kept until he has heard it, memory would grow without end. So a
//! broadcast keeps the latest few values, and who is further behind is told how many he has missed.

use std::collections::VecDeque;
use std::error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::lock::lock;
use crate::send_error::SendError;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;

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
            latest: VecDeque::new(),
            capacity,
            sent: 0,
            waiting: WaitQueue::new(),
            senders: 1,
            receivers: 0,
        })),
    }
}

struct State<T> {
    /// The latest values, the oldest first. In an `Arc`, because a clone of `T` is foreign code, and
    /// is made outside the lock.
    latest: VecDeque<Arc<T>>,
    /// How many of them are kept.
    capacity: usize,
    /// How many there ever were.
    sent: u64,
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
        let oldest = match state.latest.len() < state.capacity {
            true => None,
            false => state.latest.pop_front(),
        };
        state.latest.push_back(Arc::new(value));
        state.sent += 1;
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
            heard: state.sent,
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

/// Why there was no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// So many values came and went unheard. The next one is the oldest that is left.
    Lagged(u64),
    /// All senders are gone, and everything was heard.
    Closed,
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
        let spare = match (&next, self.waits.take()) {
            (None, Some(number)) => match state.waiting.set_waker(number, waker) {
                Ok(earlier) => {
                    self.waits = Some(number);
                    Some(earlier)
                }
                Err(waker) => {
                    self.waits = Some(state.waiting.push((), waker));
                    None
                }
            },
            (None, None) => {
                self.waits = Some(state.waiting.push((), waker));
                None
            }
            (Some(_), number) => {
                let left = number.and_then(|number| state.waiting.remove(number));
                left.map(|((), earlier)| earlier)
            }
        };
        drop(state);
        drop(spare);
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
        let behind = self.sent - *heard;
        if behind == 0 {
            return (self.senders == 0).then_some(Err(RecvError::Closed));
        }
        let kept = self.latest.len() as u64;
        let missed = behind.saturating_sub(kept);
        if missed > 0 {
            *heard += missed;
            return Some(Err(RecvError::Lagged(missed)));
        }
        *heard += 1;
        let place = usize::try_from(kept - behind).expect("fewer than are kept");
        Some(Ok(Arc::clone(&self.latest[place])))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.leave();
        let mut state = lock(&self.channel);
        state.receivers -= 1;
        // What nobody will hear any more.
        let unheard = match state.receivers {
            0 => std::mem::take(&mut state.latest),
            _ => VecDeque::new(),
        };
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

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lagged(missed) => write!(f, "{missed} values came and went unheard"),
            Self::Closed => f.write_str("all senders are gone"),
        }
    }
}

impl error::Error for RecvError {}
