// expect: pass
//! The value goes through a channel of std, which has the same ends; the wakers are beside it.

use std::error;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::{Acquire, Release}};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};

use waker_timer::AtomicWaker;

pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (put, take) = mpsc::sync_channel(1);
    let wakers = Arc::new(Wakers {
        gone: AtomicBool::new(false),
        receiver: AtomicWaker::new(),
        sender: AtomicWaker::new(),
    });
    let sender = Sender {
        put: Some(put),
        wakers: Arc::clone(&wakers),
    };
    let take = Some(take);
    (sender, Receiver { take, wakers })
}

struct Wakers {
    gone: AtomicBool,
    receiver: AtomicWaker,
    sender: AtomicWaker,
}

pub struct Sender<T> {
    put: Option<mpsc::SyncSender<T>>,
    wakers: Arc<Wakers>,
}

#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    take: Option<mpsc::Receiver<T>>,
    wakers: Arc<Wakers>,
}

impl<T> Sender<T> {
    pub fn send(mut self, value: T) -> Result<(), T> {
        let put = self.put.take().expect("it is taken here and in drop alone");
        put.send(value).map_err(|error| error.0)
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
        let wakers = &self.sender.wakers;
        wakers.sender.register(cx.waker());
        match wakers.gone.load(Acquire) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

impl<T> Drop for Gone<'_, T> {
    fn drop(&mut self) {
        drop(self.sender.wakers.sender.take());
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // Its end has to be there before the wake.
        drop(self.put.take());
        self.wakers.receiver.wake();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.wakers.receiver.register(cx.waker());
        let take = self.take.as_ref().expect("it is taken in drop alone");
        match take.try_recv() {
            Ok(value) => Poll::Ready(Ok(value)),
            Err(mpsc::TryRecvError::Empty) => Poll::Pending,
            Err(mpsc::TryRecvError::Disconnected) => Poll::Ready(Err(Closed)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        drop(self.take.take());
        drop(self.wakers.receiver.take());
        self.wakers.gone.store(true, Release);
        self.wakers.sender.wake();
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
