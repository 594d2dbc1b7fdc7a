//! The receiver of `mpsc.rs` as what the rest of a program wants: a future of one value, and a stream
//! of all.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;

use crate::mpsc::{Receiver, Sender};

impl<T> Receiver<T> {
    /// Waits for the next value. `None` when everything has been received, and all senders are gone or
    /// the channel was [closed](Self::close).
    ///
    /// Cancellation: dropped before it is ready, it has received nothing, and keeps no task alive.
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv {
            receiver: self,
            waits: false,
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
            self.receiver.stop_waiting();
        }
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_recv(cx)
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
