//! The channel of `mpsc.rs`, with so much room that nobody ever waits.

use std::fmt;

use crate::mpsc;
use crate::{SendError, TrySendError};

/// A channel without a limit but memory: for what is bounded already by something else.
///
/// ```
/// let (sender, mut receiver) = async_await::unbounded();
/// sender.send("now").unwrap();
/// drop(sender);
/// assert_eq!(executor::block_on(receiver.recv()), Some("now"));
/// assert_eq!(executor::block_on(receiver.recv()), None);
/// ```
#[must_use]
pub fn unbounded<T>() -> (UnboundedSender<T>, mpsc::Receiver<T>) {
    let (sender, receiver) = mpsc::channel(usize::MAX);
    (UnboundedSender { sender }, receiver)
}

/// Sends values without ever waiting.
pub struct UnboundedSender<T> {
    sender: mpsc::Sender<T>,
}

impl<T> UnboundedSender<T> {
    /// Sends a value.
    ///
    /// # Errors
    ///
    /// Gives the value back if nobody receives any more.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        self.sender.try_send(value).map_err(|error| match error {
            TrySendError::Closed(value) | TrySendError::Full(value) => SendError(value),
        })
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        let sender = self.sender.clone();
        Self { sender }
    }
}

impl<T> fmt::Debug for UnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnboundedSender").finish_non_exhaustive()
    }
}
