//! What a channel of `mpsc.rs` knows: its values, its places, and who waits for either.
//!
//! A plain data structure, like the queue in it: whoever owns it locks it, and wakes and drops what it gives
//! back after unlocking.
//!
//! Each place is in one of three hands. It is free, or there is a value in it, or it is on its way to a sender:
//! taken out of the queue of those who wait, and woken, that one has it, though it has not come for it yet. While
//! somebody waits, no place is free.

use std::collections::VecDeque;
use std::task::{Poll, Waker};

use crate::send_error::TrySendError;
use crate::wait_queue::WaitQueue;

pub(crate) struct State<T> {
    /// What was sent and not received, the oldest first.
    pub(crate) queue: VecDeque<T>,
    /// Places that nobody has.
    room: usize,
    /// Senders that wait for a place.
    pub(crate) waiting: WaitQueue,
    /// The receiver, while it waits for a value.
    pub(crate) receiver: Option<Waker>,
    /// How many senders there are.
    pub(crate) senders: usize,
    /// Whether nothing more is taken.
    pub(crate) closed: bool,
}

impl<T> State<T> {
    /// All places are free, and there is one sender.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            room: capacity,
            waiting: WaitQueue::new(),
            receiver: None,
            senders: 1,
            closed: false,
        }
    }

    /// Puts a value into a free place, if there is one. Gives whom to wake.
    pub(crate) fn try_put(&mut self, value: T) -> Result<Option<Waker>, TrySendError<T>> {
        if self.closed {
            return Err(TrySendError::Closed(value));
        }
        if self.room == 0 {
            return Err(TrySendError::Full(value));
        }
        self.room -= 1;
        Ok(self.put(value))
    }

    /// Puts a value into a place that was taken before. Gives whom to wake.
    pub(crate) fn put(&mut self, value: T) -> Option<Waker> {
        self.queue.push_back(value);
        self.receiver.take()
    }

    /// Whether a sender has a place now, and a waker that nobody needs any more: `waker` if it has
    /// one, or the one that `waker` has replaced.
    pub(crate) fn place(&mut self, waits: &mut Option<u64>, waker: Waker) -> (bool, Option<Waker>) {
        match *waits {
            // A place may have become free since the last look.
            None if self.room > 0 => {
                self.room -= 1;
                (true, Some(waker))
            }
            None => {
                *waits = Some(self.waiting.push((), waker));
                (false, None)
            }
            Some(number) => match self.waiting.set_waker(number, waker) {
                Ok(previous) => (false, Some(previous)),
                Err(waker) => {
                    *waits = None;
                    (true, Some(waker))
                }
            },
        }
    }

    /// A place is free: it is for the sender that waits longest, or for whoever comes. Gives whom to
    /// wake.
    pub(crate) fn free_place(&mut self) -> Option<Waker> {
        let next = self.waiting.pop();
        if next.is_none() {
            self.room += 1;
        }
        next.map(|((), waker)| waker)
    }

    /// The next value, or the end, and whom to wake.
    pub(crate) fn take(&mut self) -> (Poll<Option<T>>, Option<Waker>) {
        match self.queue.pop_front() {
            Some(value) => (Poll::Ready(Some(value)), self.free_place()),
            None if self.closed || self.senders == 0 => (Poll::Ready(None), None),
            None => (Poll::Pending, None),
        }
    }
}
