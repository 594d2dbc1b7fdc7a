// expect: pass
//! The places are the permits of a semaphore, and `send` is an `async fn`: who is dropped, gives its permit back by itself.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::{Semaphore, SendError, TrySendError};

const MANY: usize = usize::MAX / 4;

pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel without room passes nothing on");
    let channel = Arc::new(Channel {
        room: Semaphore::new(capacity.min(MANY)),
        state: Mutex::new(State {
            queue: VecDeque::new(),
            receiver: None,
            senders: 1,
            closed: false,
        }),
    });
    let sender = Sender {
        channel: Arc::clone(&channel),
    };
    (sender, Receiver { channel })
}

struct Channel<T> {
    room: Semaphore,
    state: Mutex<State<T>>,
}

struct State<T> {
    queue: VecDeque<T>,
    receiver: Option<Waker>,
    senders: usize,
    closed: bool,
}

pub struct Sender<T> {
    channel: Arc<Channel<T>>,
}

impl<T> Sender<T> {
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        let place = self.channel.room.acquire(1).await;
        let mut state = lock(&self.channel.state);
        if state.closed {
            return Err(SendError(value));
        }
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        // It comes back when the value is received.
        place.forget();
        if let Some(receiver) = receiver {
            receiver.wake();
        }
        Ok(())
    }

    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let place = self.channel.room.try_acquire(1);
        let mut state = lock(&self.channel.state);
        if state.closed {
            return Err(TrySendError::Closed(value));
        }
        let Some(place) = place else {
            return Err(TrySendError::Full(value));
        };
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        place.forget();
        if let Some(receiver) = receiver {
            receiver.wake();
        }
        Ok(())
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        lock(&self.channel.state).senders += 1;
        Self {
            channel: Arc::clone(&self.channel),
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.channel.state);
        state.senders -= 1;
        let receiver = match state.senders {
            0 => state.receiver.take(),
            _ => None,
        };
        drop(state);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
    }
}

pub struct Receiver<T> {
    channel: Arc<Channel<T>>,
}

impl<T> Receiver<T> {
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let waker = cx.waker().clone();
        let mut state = lock(&self.channel.state);
        if let Some(value) = state.queue.pop_front() {
            drop(state);
            self.channel.room.release(1);
            return Poll::Ready(Some(value));
        }
        if state.closed || state.senders == 0 {
            return Poll::Ready(None);
        }
        let previous = state.receiver.replace(waker);
        drop(state);
        drop(previous);
        Poll::Pending
    }

    pub(crate) fn stop_waiting(&mut self) {
        let own = lock(&self.channel.state).receiver.take();
        drop(own);
    }

    pub fn close(&mut self) {
        let mut state = lock(&self.channel.state);
        let open = !std::mem::replace(&mut state.closed, true);
        drop(state);
        if open {
            // All who wait go through, and find that it is closed.
            self.channel.room.release(MANY);
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.close();
        self.stop_waiting();
        let queue = std::mem::take(&mut lock(&self.channel.state).queue);
        drop(queue);
    }
}
