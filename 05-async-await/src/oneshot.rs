//! A channel for one value.
//!
//! It is the timer of stage 02 and the join handle of stage 03 with a name of its own: one side leaves
//! something and wakes, the other one registers and looks again. What is new is that *both* sides
//! may go away early, and that both may want to know it.

use std::error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// A channel for one value.
///
/// ```
/// use async_await::oneshot;
///
/// let (sender, receiver) = oneshot::channel();
/// executor::block_on(async {
///     sender.send("howdy").unwrap();
///     assert_eq!(receiver.await, Ok("howdy"));
/// });
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Mutex::new(State {
        value: None,
        sender_gone: false,
        receiver_gone: false,
        receiver: None,
        sender: None,
    }));
    let sender = Sender {
        shared: Arc::clone(&shared),
    };
    (sender, Receiver { shared })
}

struct State<T> {
    /// What was sent and not received.
    value: Option<T>,
    /// Whether nothing will be sent (any more).
    sender_gone: bool,
    /// Whether nobody will receive (any more).
    receiver_gone: bool,
    /// The task that waits for the value.
    receiver: Option<Waker>,
    /// The task that waits for the receiver to go.
    sender: Option<Waker>,
}

/// Sends the one value, or none.
pub struct Sender<T> {
    /// Never locked while a waker is cloned, woken or dropped, or a value dropped.
    shared: Arc<Mutex<State<T>>>,
}

/// A future of the value.
#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    shared: Arc<Mutex<State<T>>>,
}

/// The sender went without sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl<T> Sender<T> {
    /// Sends the value.
    ///
    /// # Errors
    ///
    /// Gives the value back if the receiver is gone. (It may also go right after this, and the value
    /// is dropped with it.)
    pub fn send(self, value: T) -> Result<(), T> {
        let mut state = lock(&self.shared);
        if state.receiver_gone {
            return Err(value);
        }
        // The value comes before the wake; and that comes with the drop of `self`.
        state.value = Some(value);
        Ok(())
    }

    /// Waits until the receiver is gone: raced with the work, it says when to stop.
    ///
    /// Cancellation: dropped before it is ready, it keeps no task alive.
    pub fn closed(&mut self) -> Gone<'_, T> {
        Gone { sender: self }
    }
}

/// Made by [`Sender::closed`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Gone<'a, T> {
    sender: &'a mut Sender<T>,
}

impl<T> Future for Gone<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.sender.shared);
        let (outcome, spare) = match state.receiver_gone {
            true => (Poll::Ready(()), Some(waker)),
            false => (Poll::Pending, state.sender.replace(waker)),
        };
        drop(state);
        drop(spare);
        outcome
    }
}

impl<T> Drop for Gone<'_, T> {
    fn drop(&mut self) {
        let own = lock(&self.sender.shared).sender.take();
        drop(own);
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared);
        state.sender_gone = true;
        let own = state.sender.take();
        let receiver = state.receiver.take();
        drop(state);
        drop(own);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    /// Polled after it gave the value, it is [`Closed`].
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.shared);
        // One lock for the look and the registration: nothing comes in between.
        let (outcome, spare) = match state.value.take() {
            Some(value) => (Poll::Ready(Ok(value)), Some(waker)),
            None if state.sender_gone => (Poll::Ready(Err(Closed)), Some(waker)),
            None => (Poll::Pending, state.receiver.replace(waker)),
        };
        drop(state);
        drop(spare);
        outcome
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared);
        state.receiver_gone = true;
        let value = state.value.take();
        let own = state.receiver.take();
        let sender = state.sender.take();
        drop(state);
        drop((value, own));
        if let Some(sender) = sender {
            sender.wake();
        }
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

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender went without sending")
    }
}

impl error::Error for Closed {}
