// expect: fail stale-waker
//! Takes the waker out, leaves the value, and wakes the waker that it has: who polls in between is forgotten (S3-18).

use std::error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

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
    value: Option<T>,
    sender_gone: bool,
    receiver_gone: bool,
    receiver: Option<Waker>,
    sender: Option<Waker>,
}

pub struct Sender<T> {
    shared: Arc<Mutex<State<T>>>,
}

#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    shared: Arc<Mutex<State<T>>>,
}

impl<T> Sender<T> {
    pub fn send(self, value: T) -> Result<(), T> {
        let receiver = {
            let mut state = lock(&self.shared);
            if state.receiver_gone {
                return Err(value);
            }
            state.receiver.take()
        };
        let mut state = lock(&self.shared);
        state.value = Some(value);
        drop(state);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
        Ok(())
    }

    pub fn closed(&mut self) -> Gone<'_, T> {
        Gone { sender: self }
    }
}

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
        if state.receiver_gone {
            return Poll::Ready(());
        }
        let previous = state.sender.replace(waker);
        drop(state);
        drop(previous);
        Poll::Pending
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
        if state.value.is_some() {
            return;
        }
        state.sender_gone = true;
        let receiver = state.receiver.take();
        drop(state);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.shared);
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if state.sender_gone {
            return Poll::Ready(Err(Closed));
        }
        let previous = state.receiver.replace(waker);
        drop(state);
        drop(previous);
        Poll::Pending
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared);
        state.receiver_gone = true;
        let (value, own) = (state.value.take(), state.receiver.take());
        let sender = state.sender.take();
        drop(state);
        drop((value, own));
        if let Some(sender) = sender {
            sender.wake();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender went without sending")
    }
}

impl error::Error for Closed {}

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
