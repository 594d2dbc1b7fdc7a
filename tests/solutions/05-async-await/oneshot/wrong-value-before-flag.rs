// expect: fail lost-value
//! Looks for the value, and then for the flag: the value that came in between is never found (S5-26 class: RUSTSEC-2021-0124).

use std::error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use waker_timer::AtomicWaker;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        value: Mutex::new(None),
        sender_gone: Mutex::new(false),
        receiver_gone: Mutex::new(false),
        receiver: AtomicWaker::new(),
        sender: AtomicWaker::new(),
    });
    let sender = Sender {
        shared: Arc::clone(&shared),
    };
    (sender, Receiver { shared })
}

struct Shared<T> {
    value: Mutex<Option<T>>,
    sender_gone: Mutex<bool>,
    receiver_gone: Mutex<bool>,
    receiver: AtomicWaker,
    sender: AtomicWaker,
}

pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    pub fn send(self, value: T) -> Result<(), T> {
        let mut place = lock(&self.shared.value);
        if *lock(&self.shared.receiver_gone) {
            return Err(value);
        }
        *place = Some(value);
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
        let shared = &self.sender.shared;
        shared.sender.register(cx.waker());
        match *lock(&shared.receiver_gone) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

impl<T> Drop for Gone<'_, T> {
    fn drop(&mut self) {
        drop(self.sender.shared.sender.take());
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        *lock(&self.shared.sender_gone) = true;
        self.shared.receiver.wake();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let shared = &self.shared;
        shared.receiver.register(cx.waker());
        let value = lock(&shared.value).take();
        match value {
            Some(value) => Poll::Ready(Ok(value)),
            None if *lock(&shared.sender_gone) => Poll::Ready(Err(Closed)),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut place = lock(&self.shared.value);
        *lock(&self.shared.receiver_gone) = true;
        let value = place.take();
        drop(place);
        drop(value);
        drop(self.shared.receiver.take());
        self.shared.sender.wake();
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
