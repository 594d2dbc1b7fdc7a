//! Why a task has no output.

use std::any::Any;
use std::{error, fmt};

/// What a `JoinHandle` gives when its task has no output to give.
pub enum JoinError {
    /// The task panicked. This is the payload, as `std::thread::JoinHandle::join` gives it.
    Panicked(Box<dyn Any + Send>),
    /// The task was dropped before it was done: by `abort`, or together with its executor.
    Cancelled,
}

impl JoinError {
    /// The payload of the panic, to be thrown again with `std::panic::resume_unwind`, if it was one.
    #[must_use]
    pub fn into_panic(self) -> Option<Box<dyn Any + Send>> {
        match self {
            Self::Panicked(payload) => Some(payload),
            Self::Cancelled => None,
        }
    }

    /// Whether the task was dropped before it was done.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled)
    }

    /// The words of the panic, where it has any.
    fn words(&self) -> Option<&str> {
        let Self::Panicked(payload) = self else {
            return None;
        };
        let words = payload.downcast_ref::<&str>().copied();
        words.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.words()) {
            (Self::Cancelled, _) => f.write_str("the task was cancelled"),
            (Self::Panicked(_), Some(words)) => write!(f, "the task panicked: {words}"),
            (Self::Panicked(_), None) => f.write_str("the task panicked"),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("Cancelled"),
            Self::Panicked(_) => f.debug_tuple("Panicked").field(&self.words()).finish(),
        }
    }
}

impl error::Error for JoinError {}
