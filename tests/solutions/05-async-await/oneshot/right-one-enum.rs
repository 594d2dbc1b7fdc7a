// expect: pass
//! One state at a time, in an enum: each side moves it on.

use std::error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Mutex::new(State::Open {
        receiver: None,
        sender: None,
    }));
    let sender = Sender {
        shared: Arc::clone(&shared),
    };
    (sender, Receiver { shared })
}

enum State<T> {
    Open {
        receiver: Option<Waker>,
        sender: Option<Waker>,
    },
    Sent(T),
    Over,
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
        let mut state = lock(&self.shared);
        if let State::Over = *state {
            return Err(value);
        }
        let before = mem::replace(&mut *state, State::Sent(value));
        drop(state);
        before.wake();
        Ok(())
    }

    pub fn closed(&mut self) -> Gone<'_, T> {
        Gone { sender: self }
    }
}

impl<T> State<T> {
    fn wake(self) {
        if let State::Open { receiver, sender } = self {
            let _ = [receiver, sender].map(|waker| waker.map(Waker::wake));
        }
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
        let State::Open { sender, .. } = &mut *state else {
            return Poll::Ready(());
        };
        let previous = sender.replace(waker);
        drop(state);
        drop(previous);
        Poll::Pending
    }
}

impl<T> Drop for Gone<'_, T> {
    fn drop(&mut self) {
        let own = match &mut *lock(&self.sender.shared) {
            State::Open { sender, .. } => sender.take(),
            _ => None,
        };
        drop(own);
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared);
        if let State::Sent(_) = *state {
            return;
        }
        let before = mem::replace(&mut *state, State::Over);
        drop(state);
        before.wake();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.shared);
        if let State::Open { receiver, .. } = &mut *state {
            let previous = receiver.replace(waker);
            drop(state);
            drop(previous);
            return Poll::Pending;
        }
        match mem::replace(&mut *state, State::Over) {
            State::Sent(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let before = mem::replace(&mut *lock(&self.shared), State::Over);
        if let State::Open { receiver, sender } = before {
            drop(receiver);
            if let Some(sender) = sender {
                sender.wake();
            }
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
